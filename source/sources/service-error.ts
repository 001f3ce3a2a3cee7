import { UserError } from '../errors.ts';

/** A key that a service does not take: mistyped, expired or revoked. */
export function badKeyError(service: string, variable: string, said: string | null): UserError {
  const quoted = said === null ? '' : `: ${said}`;
  return new UserError('bad-key', `${service} does not accept the key in ${variable}${quoted}`, {
    fix: `Put a valid key into the environment variable ${variable}`,
  });
}

/** A query, or options that become one, which a service cannot answer as they stand. */
export function badQueryError(service: string, said: string | null, fix: string): UserError {
  const quoted = said === null ? '' : `: ${said}`;
  return new UserError('bad-query', `${service} cannot answer the query${quoted}`, { fix });
}
