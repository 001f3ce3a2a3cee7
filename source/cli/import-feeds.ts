import { createReadStream } from 'node:fs';
import { type ExitCode, exitCodes, UserError } from '../errors.ts';
import type { CommandContext } from './command.ts';
import { plural } from './plural.ts';
import { printJson, printNote, printText, visible } from './print.ts';

const mostNamed = 20;

/** Adds the feeds of an OPML file (or of standard input: "-") to the configuration, and says what became of each. */
export async function importFeeds(context: CommandContext, path: string): Promise<ExitCode> {
  const list = await context.feeds();
  const { added, known, warnings, path: changed } = await list.add(await readBounded(path, list.maxBytes));
  if (context.json) {
    await printJson(context, { path: changed, added, known, warnings });
    return exitCodes.done;
  }
  for (const warning of warnings) await printNote(context, `warning: ${visible(warning)}`);
  const lines = added.slice(0, mostNamed).map(({ name, url }) => `added  ${name}  ${visible(url)}`);
  if (added.length > mostNamed) lines.push(`and ${added.length - mostNamed} more`);
  if (lines.length > 0) await printText(context, lines.join('\n'));
  const before = known === 0 ? '' : `; ${known} were there already`;
  await printNote(
    context,
    added.length === 0
      ? `Nothing to add: all ${known} are in ${changed} already.`
      : `Added ${plural(added.length, 'feed')} to ${changed}${before}.`,
  );
  return exitCodes.done;
}

/** The whole file, or one byte more than `maxBytes` of it: whoever judges the size need not have it all. */
async function readBounded(path: string, maxBytes: number): Promise<Buffer> {
  const stream = path === '-' ? process.stdin : createReadStream(path);
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of stream) {
      const bytes = Buffer.from(chunk);
      chunks.push(bytes);
      length += bytes.length;
      if (length > maxBytes) break;
    }
  } catch (cause) {
    throw new UserError('file-unreadable', `${path} could not be read: ${(cause as Error).message}`, {
      fix: 'Give a file that you may read.',
      cause,
    });
  }
  return Buffer.concat(chunks).subarray(0, maxBytes + 1);
}
