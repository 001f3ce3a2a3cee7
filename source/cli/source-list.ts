import { describeLimit, describeQuota, formatUsd } from '../domain/limits.ts';
import type { SourceHealth } from '../harvester/harvester.ts';
import { standingOf } from '../harvester/source-state.ts';
import type { CommandContext } from './command.ts';
import { type Column, printJson, printNote, printRows, printText, visible } from './print.ts';
import { formatAge } from './signal-columns.ts';

const roomyWidth = 110;

/** The health of every source: what `sources list` and `stats --sources` print. */
export async function printSources(context: CommandContext): Promise<void> {
  const harvester = await context.open();
  const sources = await harvester.sources.list();
  const now = context.now();
  if (context.json) {
    await printJson(context, {
      sources: sources.map((source) => ({ ...source, state: standingOf(source) })),
    });
    return;
  }
  if (sources.length === 0) {
    await printNote(context, 'There is no source yet; add one under "sources:" in the configuration.');
    return;
  }
  await printRows(
    context,
    context.isTerminal ? tableColumns(now, context.columns, sources) : lineColumns,
    sources,
  );
  // A table would cut what a person has to read to the end.
  const remarks = sources.flatMap((source) => describeTrouble(source, now));
  if (context.isTerminal && remarks.length > 0) await printText(context, `\n${remarks.join('\n')}`);
}

/** The columns on a terminal; quota and cost only where there is any. */
function tableColumns(
  now: number,
  width: number,
  sources: readonly SourceHealth[],
): readonly Column<SourceHealth>[] {
  const kind: readonly Column<SourceHealth>[] = [{ title: 'KIND', text: (source) => source.kind }];
  const quota: readonly Column<SourceHealth>[] = [
    { title: 'QUOTA', align: 'right', text: (source) => quotaCell(source, now) },
  ];
  const cost: readonly Column<SourceHealth>[] = [
    { title: 'MONTH', align: 'right', text: ({ monthUsd }) => (monthUsd > 0 ? formatUsd(monthUsd) : '') },
  ];
  return [
    { title: 'SOURCE', text: ({ name }) => name },
    ...(width >= roomyWidth ? kind : []),
    { title: 'STATE', text: standingOf },
    { title: 'POSTS', align: 'right', text: ({ posts }) => String(posts) },
    {
      title: 'LAST',
      align: 'right',
      text: ({ lastSuccessAt }) => (lastSuccessAt === null ? 'never' : formatAge(now - lastSuccessAt)),
    },
    { title: 'A DAY', align: 'right', text: usualCell },
    ...(sources.some((source) => quotaCell(source, now) !== '') ? quota : []),
    ...(sources.some(({ monthUsd }) => monthUsd > 0) ? cost : []),
    { title: 'LISTENS TO', flexible: true, text: ({ target }) => target },
  ];
}

/** The cells in a pipe. Their order is a promise: new ones come last. */
const lineColumns: readonly Column<SourceHealth>[] = [
  { title: 'name', text: ({ name }) => name },
  { title: 'kind', text: ({ kind }) => kind },
  { title: 'state', text: standingOf },
  { title: 'posts', text: ({ posts }) => String(posts) },
  { title: 'lastSuccessAt', text: ({ lastSuccessAt }) => isoOf(lastSuccessAt) },
  { title: 'usualPerDay', text: usualCell },
  { title: 'silence', text: ({ silence }) => silence ?? '' },
  { title: 'quotaLeft', text: ({ quota }) => (quota === null ? '' : String(quota.remaining)) },
  { title: 'limitedUntil', text: ({ limitedUntil }) => isoOf(limitedUntil) },
  { title: 'monthUsd', text: ({ monthUsd }) => String(monthUsd) },
  { title: 'lastErrorAt', text: ({ lastErrorAt }) => isoOf(lastErrorAt) },
  { title: 'lastError', text: ({ lastError }) => lastError ?? '' },
  { title: 'target', text: ({ target }) => target },
];

/** What needs attention, a sentence each: why it is limited, failing or silent, and what it may still ask. */
function describeTrouble(source: SourceHealth, now: number): readonly string[] {
  const { name, limitedUntil, silence, lastError, lastErrorAt, quota } = source;
  const reason = lastError === null ? null : visible(lastError);
  const trouble =
    limitedUntil !== null
      ? [describeLimit(limitedUntil, now), reason].filter((words) => words !== null).join('; ')
      : reason === null || lastErrorAt === null
        ? null
        : `last error ${formatAge(now - lastErrorAt)} ago: ${reason}`;
  const quotaLeft = quota === null ? null : describeQuota(quota, now);
  return [trouble, silence, quotaLeft].flatMap((words) => (words === null ? [] : [`${name}: ${words}`]));
}

function usualCell({ usualPerDay }: SourceHealth): string {
  if (usualPerDay === null) return '';
  return usualPerDay > 0 && usualPerDay < 1 ? usualPerDay.toFixed(1) : String(Math.round(usualPerDay));
}

/** Only while its window lasts: what was left of an earlier one says nothing. */
function quotaCell({ quota }: SourceHealth, now: number): string {
  return quota === null || describeQuota(quota, now) === null ? '' : String(quota.remaining);
}

function isoOf(at: number | null): string {
  return at === null ? '' : new Date(at).toISOString();
}
