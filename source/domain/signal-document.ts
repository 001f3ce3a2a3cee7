import { z } from 'zod';
import { sentiments } from './analysis.ts';
import { analysisSchema } from './analysis-schema.ts';
import { cleanDraft, cleanHidden } from './clean.ts';
import { documentForm } from './document-form.ts';
import { signalStatuses } from './signal.ts';

const moment = z.int().min(0).max(8.64e15);
/** Far above any store, and far below where whole numbers end. */
const signalId = z.int().min(1).max(1e12);
const count = z.int().min(0);
const nullableText = (most: number) => z.string().max(most).nullable();
const category = z.string().min(1).max(40);
const urgency = z.int().min(0).max(5);
const tag = z.string().min(1).max(40);
const longestRaw = 200_000;

const postSchema = z.strictObject({
  source: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,59}$/, 'the name of a source'),
  kind: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'the kind of a source'),
  externalId: z.string().min(1).max(longestRaw),
  url: nullableText(longestRaw),
  link: nullableText(longestRaw),
  author: nullableText(longestRaw),
  title: nullableText(longestRaw),
  text: z.string().max(longestRaw),
  lang: nullableText(100),
  createdAt: moment,
  fetchedAt: moment,
  engagement: z.strictObject({ likes: count, reposts: count, replies: count, quotes: count }),
  parentUrl: nullableText(longestRaw),
  parentText: nullableText(longestRaw),
});

const snoozeSchema = z.discriminatedUnion('until', [
  z.strictObject({ until: z.literal('time'), at: moment }),
  z.strictObject({ until: z.literal('echoes'), echoes: count }),
  z.strictObject({ until: z.literal('source'), known: z.array(z.string().max(60)).max(1000) }),
  z.strictObject({ until: z.literal('spike'), perHour: z.number().min(0) }),
]);

const documentSchema = z
  .strictObject({
    document: z.literal(documentForm),
    id: signalId,
    status: z.enum(signalStatuses),
    decidedAt: moment.nullable(),
    snooze: snoozeSchema.nullable(),
    regressed: z.boolean(),
    assignee: z.string().min(1).max(60).nullable(),
    tags: z.array(tag).max(1000),
    category: category.nullable(),
    sentiment: z.enum(sentiments).nullable(),
    urgency: urgency.nullable(),
    correction: z
      .strictObject({
        at: moment,
        category: category.nullable(),
        sentiment: z.enum(sentiments).nullable(),
        urgency: urgency.nullable(),
      })
      .refine(
        (said) => said.category !== null || said.sentiment !== null || said.urgency !== null,
        'a category, a sentiment or an urgency',
      )
      .nullable(),
    analysis: analysisSchema
      .extend({
        analyzer: z.string().min(1).max(200),
        model: z
          .strictObject({ name: z.string().min(1).max(200), promptVersion: z.string().min(1).max(200) })
          .optional(),
        analyzedAt: moment,
      })
      .strict()
      .nullable(),
    rank: z.number().nullable(),
    factors: z.record(z.string().max(40), z.number()).nullable(),
    notes: z
      .array(
        z.strictObject({ at: moment, author: z.string().min(1).max(60), text: z.string().min(1).max(4000) }),
      )
      .max(10_000),
    posts: z.array(postSchema).min(1).max(100_000),
  })
  .refine(({ rank, factors }) => rank === null || factors !== null, {
    path: ['factors'],
    message: 'needed where there is a rank',
  })
  .refine(({ status, snooze }) => snooze === null || status === 'snoozed', {
    path: ['snooze'],
    message: 'null unless the status is snoozed',
  });

/**
 * A signal as an export carries it: everything that people and programs have
 * said of it, and its posts, the lead first. What follows from these (echoes,
 * the times of the signal) is not in it, nor what belongs to one store (the
 * journal, deliveries) or to a moment (the salience).
 */
export type SignalDocument = z.infer<typeof documentSchema>;
export type PostDocument = SignalDocument['posts'][number];

export type ReadDocument =
  | { readonly document: SignalDocument; readonly warnings: readonly string[] }
  /** What is wrong, in words. */
  | { readonly problem: string };

/**
 * A document from outside: checked, and cleaned through the one door for
 * posts. What was exported comes through unchanged.
 *
 * @param now milliseconds, UTC; stands in for dates that cannot be true
 */
export function readDocument(value: unknown, now: number): ReadDocument {
  const form = formOf(value);
  if (form !== documentForm) return { problem: formProblem(form) };
  const parsed = documentSchema.safeParse(value);
  if (!parsed.success) return { problem: describeIssues(parsed.error.issues) };
  const { data } = parsed;
  const warnings: string[] = [];
  const posts = new Map<string, PostDocument>();
  for (const { source, kind, fetchedAt, ...draft } of data.posts) {
    const cleaned = cleanDraft(draft, now);
    warnings.push(...cleaned.warnings);
    if (cleaned.post === null) continue;
    const key = `${source} ${cleaned.post.externalId}`;
    if (posts.has(key)) warnings.push(`post ${cleaned.post.externalId.slice(0, 60)} is there twice`);
    else posts.set(key, { source, kind, ...cleaned.post, fetchedAt });
  }
  if (posts.size === 0) return { problem: 'posts: none of them has readable text' };
  const document = { ...data, ...cleanWords(data), posts: [...posts.values()] };
  // Cleaning may have left nothing of a name; and this puts every field into the order of the form.
  const again = documentSchema.safeParse(document);
  if (!again.success) return { problem: describeIssues(again.error.issues) };
  return { document: again.data, warnings };
}

function formOf(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || !('document' in value)) return null;
  return typeof value.document === 'string' ? value.document : null;
}

function formProblem(form: string | null): string {
  if (form === null) return `no signal: "document": "${documentForm}" is missing`;
  return `"document" is ${JSON.stringify(form.slice(0, 40))}, and this version reads ${documentForm}: update the program`;
}

/** The words of people and programs: what hides in them goes, the rest stays as it was written. */
function cleanWords(document: SignalDocument): Partial<SignalDocument> {
  const { analysis, assignee, tags, notes, category: named, correction } = document;
  return {
    assignee: assignee === null ? null : cleanHidden(assignee),
    tags: tags.map(cleanHidden),
    category: named === null ? null : cleanHidden(named),
    correction:
      correction?.category == null
        ? correction
        : { ...correction, category: cleanHidden(correction.category) },
    analysis:
      analysis === null
        ? null
        : {
            ...analysis,
            category: cleanHidden(analysis.category),
            tags: analysis.tags.map(cleanHidden),
            reasoning: cleanHidden(analysis.reasoning),
            analyzer: cleanHidden(analysis.analyzer),
          },
    notes: notes.map(({ at, author, text }) => ({
      at,
      author: cleanHidden(author),
      text: cleanHidden(text),
    })),
  };
}

const mostIssues = 3;

function describeIssues(issues: readonly z.core.$ZodIssue[]): string {
  const told = issues.slice(0, mostIssues).map(({ path, message }) => {
    const where = path.map(String).join('.').slice(0, 100);
    return where === '' ? message : `${where}: ${message}`;
  });
  return issues.length > mostIssues
    ? `${told.join('; ')}; and ${issues.length - mostIssues} more`
    : told.join('; ');
}
