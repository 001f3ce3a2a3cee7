import { z } from 'zod';
import { shorten } from './shorten.ts';

export const moods = ['good', 'neutral', 'bad'] as const;
export type Mood = (typeof moods)[number];

export const mostFeedbackCharacters = 5_000;

const word = z.string().regex(/^[\w.:+() -]{0,100}$/);
const count = z.int().min(0);

/**
 * What may help whoever reads feedback, and says nothing of what the person
 * looks for: no post, no search, no address, no path, no name that somebody
 * chose. docs/feedback.md has it field by field.
 */
export const diagnosticsSchema = z.strictObject({
  version: word.describe('Of the program'),
  platform: word.describe('Operating system and processor, such as linux x64'),
  node: word.describe('Version of Node'),
  terminal: z
    .strictObject({ columns: count, rows: count, kind: word.describe('TERM, or unknown') })
    .nullable()
    .describe('Null where there is none'),
  settings: z
    .record(word, z.union([word, z.number(), z.boolean(), z.null()]))
    .describe('Settings that differ from their defaults; words that somebody chose are only counted'),
  sources: z
    .array(z.strictObject({ kind: word, enabled: z.boolean(), options: z.array(word) }))
    .describe('Kind of each source, and which of its options are set; not to what'),
  notifiers: z
    .array(z.strictObject({ kind: word, enabled: z.boolean(), options: z.array(word) }))
    .describe('The same of notifiers'),
  store: z
    .strictObject({ posts: count, signals: count, bytes: count, schema: word })
    .describe('How much there is, and the newest migration'),
  lastRun: z
    .strictObject({
      state: word,
      startedAt: z.int(),
      elapsedMs: z.number(),
      warnings: count,
      stages: z.array(z.strictObject({ name: word, done: count, total: count })),
      sources: z.array(z.strictObject({ kind: word, state: word, added: count, error: word.nullable() })),
      analyzers: z.array(z.strictObject({ name: word, analyzed: count, error: word.nullable() })),
    })
    .nullable()
    .describe('How the last run ended; errors as codes, without their words'),
  checks: z
    .array(z.strictObject({ check: word, state: z.enum(['ok', 'warning', 'failed']), count }))
    .describe('What doctor finds without asking any service, counted; without its words'),
});

export type Diagnostics = z.infer<typeof diagnosticsSchema>;
export type RedactedConfig = Pick<Diagnostics, 'settings' | 'sources' | 'notifiers'>;
export type TerminalFacts = NonNullable<Diagnostics['terminal']>;

/** What somebody says of the program. */
export interface NewFeedback {
  /** 1 to 5000 characters. */
  readonly text: string;
  readonly mood: Mood;
  /** Where in the program they were; null when that is not known. */
  readonly screen: string | null;
  /** Of the program, or of the client that sends it. */
  readonly version: string;
  /** Only what the person has seen and agreed to. */
  readonly diagnostics: Diagnostics | null;
}

/** Where it came from. */
export interface FeedbackOrigin {
  readonly via: 'tui' | 'cli' | 'api';
  /** `analyst`, `cli`, or the name of a key. */
  readonly actor: string;
}

export interface Feedback extends NewFeedback, FeedbackOrigin {
  readonly id: number;
  /** Milliseconds, UTC. */
  readonly at: number;
}

/** "Feedback (bad): The list jumps when …": for a notice. */
export function feedbackTitle({ mood, text }: Pick<Feedback, 'mood' | 'text'>): string {
  return `Feedback (${mood}): ${shorten(text.replace(/\s+/g, ' ').trim(), { characters: 60 })}`;
}

/** What a terminal calls itself, as far as that can be a name of one. */
export function terminalFacts(
  { columns, rows }: { readonly columns: number; readonly rows: number },
  term: string | undefined,
): TerminalFacts {
  const kind = term !== undefined && /^[\w.+-]{1,40}$/.test(term) ? term : 'unknown';
  return { columns, rows, kind };
}
