import { z } from 'zod';
import { type FlagName, flagNames, flagStatePattern, flags } from '../domain/flags.ts';

const shape = 'on, off, a percentage (25%), or nothing';

/** Empty leaves the flag to "flags set". */
const state = z
  .string()
  .regex(new RegExp(`^$|${flagStatePattern.source}`), shape)
  .default('');

const members = Object.fromEntries(
  flagNames.map((name) => [name, state.describe(`${flags[name].description}; ${shape}`)]),
) as Record<FlagName, typeof state>;

export const flagsSchema = z
  .strictObject(members)
  .prefault({})
  .describe('Feature flags that are decided here and not with "flags set"; see docs/flags.md');
