import type { FieldChange, SignalChange, SnapshotDiff } from '../domain/snapshot.ts';
import { plural } from './plural.ts';
import { visible } from './print.ts';

const longestValue = 60;
const signs = { added: '+', gone: '-', changed: '~' } as const;

/** A diff for a terminal, or as Markdown for a report. */
export function formatDiff(diff: SnapshotDiff, markdown: boolean): string {
  const { from, to, added, gone, changed, same, changes, more } = diff;
  const counts = `${added} added, ${gone} gone, ${changed} changed, ${same} the same`;
  const rest = more
    ? [`and ${plural(added + gone + changed - changes.length, 'more change', 'more changes')}: use --limit`]
    : [];
  if (!markdown)
    return [`${from} -> ${to}: ${counts}`, ...changes.map(formatLine), ...rest]
      .map((line) => line)
      .join('\n');
  const rows = changes.map(
    (change) =>
      `| ${[change.change, String(change.id), change.source, change.title, describeFields(change)].map(escapeCell).join(' | ')} |`,
  );
  const table =
    rows.length === 0
      ? []
      : ['', '| change | id | source | signal | fields |', '|---|---:|---|---|---|', ...rows];
  return [
    `## Signals from ${from} to ${to}`,
    '',
    `${counts}.`,
    ...table,
    ...(more ? ['', `…${rest[0]}.`] : []),
  ].join('\n');
}

function formatLine(change: SignalChange): string {
  const fields = change.fields.length === 0 ? '' : ` [${describeFields(change)}]`;
  return `${signs[change.change]} ${change.id} ${visible(change.source)}: ${visible(cut(change.title))}${visible(fields) === '' ? '' : ` ${visible(fields)}`}`;
}

function describeFields({ fields }: SignalChange): string {
  return fields.map(({ field, before, after }) => `${field}: ${show(before)} -> ${show(after)}`).join('; ');
}

function show(value: FieldChange['before']): string {
  return value === null ? 'none' : cut(typeof value === 'number' ? String(Number(value.toFixed(4))) : value);
}

function cut(text: string): string {
  return text.length > longestValue ? `${text.slice(0, longestValue - 1)}…` : text;
}

/** Text of a post must not become a link, a table or a mention in somebody's report. */
function escapeCell(text: string): string {
  return visible(text).replace(/[\\|`*_[\]<>@#]/g, (mark) => `\\${mark}`);
}
