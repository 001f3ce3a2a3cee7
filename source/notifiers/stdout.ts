import { once } from 'node:events';
import type { NotifierKind } from '../config/notify-schema.ts';
import { textOf } from '../domain/message-text.ts';
import type { Notifier } from '../ports/notifier.ts';

/** Standard output: what cron mails, or a pipe reads. Messages end with an empty line. */
export function createStdoutNotifier(
  { name, kind, timeoutMs }: NotifierKind<'stdout'>,
  stdout: NodeJS.WritableStream,
): Notifier {
  return {
    name,
    kind,
    threads: false,
    timeoutMs,
    pauseMs: 0,
    send: async ({ message }) => {
      if (!stdout.write(`${textOf(message)}\n\n`)) await once(stdout, 'drain');
      return { receipt: { reference: null } };
    },
    check: async () => ({ state: 'ok', finding: 'standard output of "run" and "notify"', fix: null }),
  };
}
