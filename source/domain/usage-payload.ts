import { z } from 'zod';
import { type UsageCount, usageKinds } from './usage.ts';

/** What is sent, and all of it. docs/usage.md repeats these descriptions; a test holds them together. */
export const usagePayloadSchema = z.strictObject({
  schemaVersion: z.literal(1).describe('Form of this message'),
  installId: z.uuid().describe('A random id of this store; "usage forget" replaces it'),
  version: z.string().max(60).describe('Version of the program'),
  platform: z.string().max(60).describe('Operating system: linux, darwin, win32'),
  nodeMajor: z.int().min(0).describe('Major version of Node'),
  days: z
    .array(
      z.strictObject({
        day: z.iso.date().describe('Day (UTC); only days that are over'),
        counts: z
          .array(
            z.strictObject({
              kind: z.enum(usageKinds).describe('action, screen, command, route or run'),
              name: z
                .string()
                .max(100)
                .describe('Name of the action, screen, command, route pattern, or how a run ended'),
              count: z.int().min(0).describe('How often'),
              totalMs: z.int().min(0).describe('How long in all, in milliseconds; 0 where nothing lasts'),
            }),
          )
          .describe('What was used on that day'),
      }),
    )
    .max(31)
    .describe('Days that were not sent before, oldest first'),
});

export type UsagePayload = z.infer<typeof usagePayloadSchema>;

/** Counts as they are sent: by day, in order. */
export function payloadDays(counts: readonly UsageCount[]): UsagePayload['days'] {
  return [...Map.groupBy(counts, ({ day }) => day)]
    .toSorted(([a], [b]) => a - b)
    .slice(0, 31)
    .map(([day, of]) => ({
      day: new Date(day).toISOString().slice(0, 10),
      counts: of.map(({ kind, name, count, totalMs }) => ({ kind, name, count, totalMs })),
    }));
}
