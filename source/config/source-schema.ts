import { z } from 'zod';
import { factor } from './taxonomy-schema.ts';

function isPattern(source: string): boolean {
  try {
    new RegExp(source, 'iu');
    return true;
  } catch {
    return false;
  }
}

const texts = z.array(z.string().trim().min(1).max(500)).default([]);

/** What never enters the store, for all sources or for one. */
export const excludeSchema = z
  .strictObject({
    words: texts.describe('Words or phrases, matched whole, whatever their case'),
    patterns: z
      .array(z.string().min(1).max(500).refine(isPattern, 'a regular expression'))
      .default([])
      .describe('Regular expressions, matched anywhere, whatever the case'),
    authors: texts.describe('Author names, with or without @'),
    domains: texts.describe('Sites whose posts and links are left out, with all below them'),
    languages: texts.describe('Language codes (de, ja); a post of unknown language is kept'),
  })
  .prefault({});

/** What every source has, whatever its kind; the kind adds its own options beside these. */
export const sourceBase = {
  name: z
    .string()
    .regex(
      /^[a-z0-9][a-z0-9._-]{0,59}$/,
      'a name of lower-case letters, digits, ".", "_" or "-" (at most 60)',
    )
    .describe('Unique name of the source; shown in lists and kept with its posts'),
  enabled: z.boolean().default(true).describe('false keeps the source in the file but leaves it out of runs'),
  weight: factor.default(1).describe('Factor on the score of its signals; 1 is neutral'),
  exclude: excludeSchema.describe('Posts of this source that are left out, beside those of the general list'),
};
