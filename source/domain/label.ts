import { z } from 'zod';
import { sentiments } from './analysis.ts';
import { categoryIds } from './taxonomy.ts';

/** What a person said of a post: at least one of category, sentiment and urgency. */
export interface Label {
  readonly id: number;
  /** The signal that was corrected; null for an imported label, and once the signal is gone. */
  readonly signalId: number | null;
  /** When it was said. Milliseconds, UTC. */
  readonly at: number;
  /** Kind of the source. */
  readonly kind: string;
  readonly lang: string | null;
  readonly title: string | null;
  readonly text: string;
  readonly category: string | null;
  readonly sentiment: string | null;
  readonly urgency: number | null;
}

export type LabelDraft = Omit<Label, 'id' | 'signalId'>;

/** Labels of which more than the newest so many are not learned from. */
export const mostLabels = 5_000;

const optional = <Inner extends z.ZodType>(inner: Inner) => inner.nullable().default(null);

/** One line of a file of labels, as `labels export` writes it; only the text and one judgement are needed. */
const labelLine = z
  .object({
    at: optional(z.union([z.iso.datetime({ offset: true }), z.int().nonnegative()])),
    kind: z.string().min(1).max(60).default('file'),
    lang: optional(z.string().min(2).max(35)),
    title: optional(z.string().max(1_000)),
    text: z.string().min(1).max(100_000),
    category: optional(z.enum(categoryIds as [string, ...string[]])),
    sentiment: optional(z.enum(sentiments)),
    urgency: optional(z.int().min(0).max(5)),
  })
  .refine(
    ({ category, sentiment, urgency }) => category !== null || sentiment !== null || urgency !== null,
    'a category, a sentiment or an urgency',
  );

/** The label of one line, or what is wrong with it, in words. */
export function parseLabel(line: string, now: number): LabelDraft | string {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return 'not JSON';
  }
  const parsed = labelLine.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const where = issue?.path.join('.') ?? '';
    return where === '' ? `wants ${issue?.message ?? 'a label'}` : `${where}: ${issue?.message}`;
  }
  const { at, ...label } = parsed.data;
  return { ...label, at: at === null ? now : typeof at === 'number' ? at : Date.parse(at) };
}

/** One line of `labels export`: what `parseLabel` reads. */
export function formatLabel({ id: _id, signalId: _signal, at, ...label }: Label): string {
  const known = Object.entries(label).filter(([, value]) => value !== null);
  return JSON.stringify({ at: new Date(at).toISOString(), ...Object.fromEntries(known) });
}
