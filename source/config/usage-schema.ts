import { z } from 'zod';

const loopback = ['localhost', '127.0.0.1', '[::1]'];

/** Https, or http on this machine: nobody on the way may read along. */
function isCollector(text: string): boolean {
  if (text === '') return true;
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  const safe = protocol === 'https:' || (protocol === 'http:' && loopback.includes(hostname));
  return safe && username === '' && password === '';
}

export const usageSchema = z
  .strictObject({
    record: z
      .boolean()
      .default(true)
      .describe('Count in the store of this machine what of the program is used; false counts nothing'),
    keepDays: z.int().min(1).max(3_650).default(400).describe('Days for which the counts stay'),
    collectorUrl: z
      .string()
      .max(500)
      .refine(isCollector, 'an https address without user and password (http on this machine only)')
      .default('')
      .describe(
        'Who is sent the counts, once "signal-harvester usage consent --yes" was answered; empty sends nothing',
      ),
    timeoutMs: z.int().min(500).max(30_000).default(5_000).describe('Time limit of sending, in milliseconds'),
  })
  .prefault({})
  .describe('What of the program is used, counted on this machine; see docs/usage.md');
