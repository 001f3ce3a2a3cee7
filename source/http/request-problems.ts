import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { Problem, type ProblemField } from './problem.ts';

export function noSuchRoute(method: string, path: string): Problem {
  return new Problem(404, 'no-such-route', `There is no ${method} ${path.slice(0, 200)}.`, {
    fix: 'GET /openapi.json lists what there is.',
  });
}

export function noSuchMethod(method: string, path: string, allowed: readonly string[]): Problem {
  return new Problem(405, 'method-not-allowed', `${method} cannot be done at ${path.slice(0, 200)}.`, {
    fix: `Use one of ${allowed.join(', ')}; GET /openapi.json says what each does.`,
    headers: { Allow: allowed.join(', ') },
  });
}

export function failure(): Problem {
  return new Problem(500, 'internal', 'The program failed at this request. This is a bug.', {
    fix: 'Report it with the request id; the log has the details.',
  });
}

/** What the schema of a route refuses, field by field. */
export function invalidRequest(error: unknown): Problem | null {
  if (!hasZodFastifySchemaValidationErrors(error)) return null;
  const context = (error as { validationContext?: string }).validationContext;
  const place: ProblemField['in'] =
    context === 'querystring'
      ? 'query'
      : context === 'params'
        ? 'path'
        : context === 'headers'
          ? 'header'
          : 'body';
  const errors = error.validation.slice(0, 20).map(
    ({ instancePath, message }): ProblemField => ({
      in: place,
      field: instancePath.replace(/^\//, '').replaceAll('/', '.').slice(0, 200),
      message: (message ?? 'is not valid').slice(0, 500),
    }),
  );
  const fields = errors.map(({ field }) => field).filter((field) => field !== '');
  const named = fields.length === 0 ? `The ${place}` : fields.slice(0, 5).join(', ');
  return new Problem(400, 'invalid-request', `${named} cannot be taken as it is.`, {
    fix: 'Correct the fields that are named; GET /openapi.json says what each may be.',
    errors,
  });
}
