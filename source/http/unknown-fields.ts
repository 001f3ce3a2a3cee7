import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Problem, type ProblemField } from './problem.ts';

/**
 * Routes that take no query, or no body, refuse one: a field that is
 * misspelt must not be passed over only because its neighbours are none.
 * For the routes that are registered after it and are in the OpenAPI document.
 */
export function refuseUnknownFields(app: FastifyInstance): void {
  app.addHook('onRoute', (route) => {
    const schema = (route.schema ?? {}) as { operationId?: string; querystring?: unknown; body?: unknown };
    if (schema.operationId === undefined) return;
    if (schema.querystring !== undefined && schema.body !== undefined) return;
    const refuse = (request: FastifyRequest, _reply: unknown, done: (error?: Error) => void): void => {
      const query = schema.querystring === undefined ? fieldsOf(request.query, 'query') : [];
      const body = schema.body === undefined ? fieldsOf(request.body, 'body') : [];
      const errors = [...query, ...body].slice(0, 20);
      done(errors.length === 0 ? undefined : unknownFields(errors));
    };
    const present = route.preValidation;
    route.preValidation = [...(Array.isArray(present) ? present : present ? [present] : []), refuse] as never;
  });
}

function fieldsOf(given: unknown, place: ProblemField['in']): readonly ProblemField[] {
  if (given === undefined || given === null) return [];
  const refused = (field: string) => ({
    in: place,
    field: field.slice(0, 200),
    message: 'Nothing is taken here',
  });
  if (typeof given !== 'object' || Array.isArray(given)) return [refused('')];
  return Object.keys(given).map(refused);
}

function unknownFields(errors: readonly ProblemField[]): Problem {
  const names = errors.flatMap(({ field }) => (field === '' ? [] : [field.slice(0, 60)])).slice(0, 5);
  const places = [...new Set(errors.map((error) => error.in))].join(' and ');
  return new Problem(
    400,
    'invalid-request',
    `${names.length === 0 ? `The ${places}` : names.join(', ')} cannot be taken as it is.`,
    { fix: `This address takes nothing in its ${places}; GET /openapi.json says what each takes.`, errors },
  );
}
