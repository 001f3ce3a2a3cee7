import { titleOfError } from '../../domain/error-group.ts';
import { fieldsLine } from '../../domain/log-entry.ts';
import type { App } from '../model/app.ts';
import { errorLines } from '../screens/logs/error-lines.ts';
import { entryLines } from '../screens/logs/log-lines.ts';
import { formatAgo, formatClock, plural } from '../text/format.ts';

const readable = 10_000;

/** The entry or the error under the cursor, or all of the one that is open. */
export function logWords({ logs, now }: App): string {
  const { pane, record } = logs.read();
  if (record !== null) {
    const lines =
      record.kind === 'entry'
        ? entryLines(record.entry, readable)
        : errorLines(record.group, readable, now());
    return lines.map((line) => line.map(({ text }) => text.trimEnd()).join(' ')).join('\n');
  }
  if (pane === 'errors') {
    const { groups, cursor, phase, error } = logs.errors.read();
    if (phase === 'failed') return `the errors could not be read: ${error?.message ?? ''} R tries again`;
    const { group } = logs.errors;
    if (group === null) return phase === 'ready' ? 'no error of the program is known' : '';
    return `${cursor.index + 1} of ${groups.length}, ${group.state}, ${plural(group.count, 'time')}, last ${formatAgo(group.lastSeenAt, now())}: ${titleOfError(group)}`;
  }
  const { phase, error } = logs.log.read();
  if (phase === 'failed') return `the log could not be read: ${error?.message ?? ''} R tries again`;
  const { entry } = logs.log;
  if (entry === null) return phase === 'ready' ? 'no entry is like that' : '';
  const clock = entry.at === null ? '' : formatClock(entry.at);
  return `${clock} ${entry.level}: ${entry.message} ${fieldsLine(entry)}`;
}
