import type { z } from 'zod';
import type { Clock } from '../ports/clock.ts';
import type { PushInbox } from '../ports/inbox.ts';
import type { Source } from '../ports/source.ts';
import type { HttpClient } from './http.ts';

/** What every source is given to work with. */
export interface SourceTools {
  readonly http: HttpClient;
  readonly clock: Clock;
  /** Relative paths in options are meant from here: the configuration's folder. */
  readonly folder: string;
  /** Secrets, by environment variable. Only a source that names a variable may read it. */
  readonly secrets: Readonly<Record<string, string | undefined>>;
  /** Posts that were pushed in; absent where there is no store (the wizard). */
  readonly inbox?: PushInbox;
}

/** A source name and options, as they would stand in the configuration. */
export interface Suggestion<Options> {
  readonly name: string;
  readonly options: Options;
}

/**
 * One kind of source: its options, how to open it, and what the first-run
 * wizard and `doctor` need to know of it. Adding a kind is adding one file
 * that exports one of these, and one line in `open.ts`.
 */
export interface SourceKind<Shape extends z.ZodRawShape = z.ZodRawShape> {
  /** The value of `kind:` in the configuration. */
  readonly kind: string;
  /** For people: "Hacker News". */
  readonly title: string;
  /** The options beside name, kind, enabled and weight. Every field has a `describe`. */
  readonly options: z.ZodObject<Shape>;
  /** What an instance listens to, in a few words. */
  target(options: z.infer<z.ZodObject<Shape>>): string;
  /** Environment variables without which it cannot work. */
  readonly secrets?: readonly string[];
  /** Filled-in sources for a topic, if the kind works without keys. */
  propose?(topic: string): readonly Suggestion<z.input<z.ZodObject<Shape>>>[];
  /** For a kind that needs an address or a path rather than a topic. */
  readonly question?: {
    readonly prompt: string;
    readonly example: string;
    answer(
      answer: string,
      tools: SourceTools,
      signal: AbortSignal,
    ): Promise<Suggestion<z.input<z.ZodObject<Shape>>>>;
  };
  open(name: string, options: z.infer<z.ZodObject<Shape>>, tools: SourceTools): Source;
}

/** Lets a file declare a kind with its own option types and the catalogue hold it beside the others. */
export function defineSourceKind<Shape extends z.ZodRawShape>(kind: SourceKind<Shape>): SourceKind {
  return kind as unknown as SourceKind;
}
