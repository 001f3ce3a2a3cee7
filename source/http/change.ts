import { z } from 'zod';
import { sentiments } from '../domain/analysis.ts';
import type { TriageChange } from '../domain/triage.ts';

const statuses = ['inbox', 'escalated', 'resolved', 'dismissed'] as const;
const tag = z.string().min(1).max(40);
const id = z.int().min(1);

const snoozeRequest = z.discriminatedUnion('until', [
  z.strictObject({ until: z.literal('time'), at: z.int().min(0).max(8_640_000_000_000_000) }),
  z.strictObject({ until: z.literal('echoes'), more: z.int().min(1).max(1_000_000) }),
  z.strictObject({ until: z.literal('source') }),
  z.strictObject({ until: z.literal('spike') }),
]);

const name = z.string().min(1).max(60);
const note = z.string().min(1).max(4000);
const corrections = {
  category: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,39}$/)
    .optional()
    .describe('One of the taxonomy'),
  sentiment: z.enum(sentiments).optional(),
  urgency: z.int().min(0).max(5).optional(),
};

/** One decision on any number of signals. */
export const changeSchema = z.discriminatedUnion('action', [
  z.strictObject({ action: z.literal('status'), status: z.enum(statuses) }),
  z.strictObject({ action: z.literal('snooze'), snooze: snoozeRequest }),
  z.strictObject({ action: z.literal('assign'), assignee: name.nullable() }),
  z.strictObject({
    action: z.literal('tag'),
    add: z.array(tag).max(20).default([]),
    remove: z.array(tag).max(20).default([]),
  }),
  z.strictObject({ action: z.literal('correct'), ...corrections }),
  z.strictObject({ action: z.literal('note'), text: note }),
  z.strictObject({ action: z.literal('merge'), into: id }),
  z.strictObject({ action: z.literal('split'), postIds: z.array(id).min(1).max(200) }),
]);

/** What may be changed of one signal, by field. */
export const patchSchema = z
  .strictObject({
    status: z.enum(statuses).optional(),
    snooze: snoozeRequest.optional(),
    assignee: name.nullable().optional().describe('null takes the assignee away'),
    addTags: z.array(tag).min(1).max(20).optional(),
    removeTags: z.array(tag).min(1).max(20).optional(),
    ...corrections,
    note: note.optional().describe('Added to the notes'),
  })
  .refine((patch) => Object.keys(patch).length > 0, 'at least one field')
  .refine((patch) => patch.status === undefined || patch.snooze === undefined, 'status or snooze, not both');

type Loose<Value> = { [Key in keyof Value]: Value[Key] | undefined };

/** Fields that zod leaves undefined are left out, as the application wants it. */
export function changeOf(parsed: z.output<typeof changeSchema>): TriageChange {
  return withoutUndefined(parsed) as TriageChange;
}

/** The decisions that a patch is made of, in a fixed order; each is an entry of the journal. */
export function changesOf(patch: z.output<typeof patchSchema>): readonly TriageChange[] {
  const { status, snooze, assignee, addTags, removeTags, category, sentiment, urgency, note: text } = patch;
  const changes: Loose<Record<string, unknown>>[] = [];
  if (category !== undefined || sentiment !== undefined || urgency !== undefined)
    changes.push({ action: 'correct', category, sentiment, urgency });
  if (addTags !== undefined || removeTags !== undefined)
    changes.push({ action: 'tag', add: addTags ?? [], remove: removeTags ?? [] });
  if (assignee !== undefined) changes.push({ action: 'assign', assignee });
  if (text !== undefined) changes.push({ action: 'note', text });
  if (snooze !== undefined) changes.push({ action: 'snooze', snooze });
  if (status !== undefined) changes.push({ action: 'status', status });
  return changes.map((change) => withoutUndefined(change) as unknown as TriageChange);
}

function withoutUndefined(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined));
}
