import { UserError } from '../errors.ts';
import type { SourceTools } from './kind.ts';

/**
 * The value of an environment variable without which a source cannot work.
 * Throws `UserError` `missing-key`.
 */
export function requiredSecret(tools: SourceTools, variable: string, service: string, how: string): string {
  const value = tools.secrets[variable]?.trim() ?? '';
  if (value !== '') return value;
  throw new UserError('missing-key', `${service} cannot be read without ${variable}`, {
    fix: `${how} and set ${variable} in the environment`,
  });
}
