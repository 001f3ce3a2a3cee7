import type { Insight, Leader, Trend } from '../domain/insight.ts';
import { formatUsd } from '../domain/limits.ts';
import { formatDuration } from '../report/figures.ts';
import { visible } from './print.ts';
import { cutToWidth } from './table.ts';

const shown = 5;
const nameColumns = 22;

/** What was said in a span, line by line: each figure beside that of the span before. */
export function describeInsight(insight: Insight): string {
  const { posts, signals, categories, sentiment, sources, authors, tags, terms, spikes, pace, spend } =
    insight;
  const line = (name: string, value: string) => `${name.padEnd(nameColumns)} ${value}`;
  const trend = (name: string, { total, before }: Pick<Trend, 'total' | 'before'>) =>
    line(name, `${total} (${before} before)`);
  const list = (title: string, leaders: readonly Leader[]) =>
    leaders.length === 0
      ? []
      : [
          title,
          ...leaders
            .slice(0, shown)
            .map(({ name, count, before }) =>
              trend(`  ${cutToWidth(visible(name), nameColumns - 2)}`, { total: count, before }),
            ),
        ];
  const { since, until } = insight.span;
  const toDecide = describeMedian(pace);
  return [
    line(
      'from',
      `${shownTime(since)} to ${shownTime(until)} UTC; before is the same length of time before that`,
    ),
    trend('posts', posts),
    trend('signals', signals),
    ...categories
      .filter(({ total, before }) => total + before > 0)
      .map((each) => trend(`  ${each.category}`, each)),
    'sentiment',
    trend('  negative', sentiment.negative),
    trend('  neutral', sentiment.neutral),
    trend('  positive', sentiment.positive),
    ...list('sources', sources),
    ...list('authors', authors),
    ...list('tags', tags),
    ...list('rising terms', terms),
    ...(spikes.length === 0 ? [] : ['spikes']),
    ...spikes
      .slice(0, shown)
      .map((spike) =>
        line(
          `  ${spike.category ?? 'all'}`,
          `${spike.count} from ${shownTime(spike.since)}, usually ${spike.usual.toFixed(1)}`,
        ),
      ),
    trend('decided', pace.decided),
    ...(toDecide === null ? [] : [line('to decide', toDecide)]),
    line('inbox', `${pace.inbox}${oldestOf(pace)}`),
    ...(spend.totalUsd + spend.beforeUsd > 0
      ? [line('spent', `${formatUsd(spend.totalUsd)} (${formatUsd(spend.beforeUsd)} before)`)]
      : []),
    ...(insight.capped ? ['Time was up before all was read: counts are lower bounds.'] : []),
  ].join('\n');
}

/** The median time to the first decision; null where nothing was decided for the first time. */
function describeMedian({ medianToDecisionMs: now, medianToDecisionBeforeMs: before }: Insight['pace']) {
  if (now === null && before === null) return null;
  const shownSpan = (ms: number | null) => (ms === null ? '-' : formatDuration(ms));
  return `median ${shownSpan(now)} (${shownSpan(before)} before)`;
}

function oldestOf({ oldestInboxAt }: Insight['pace']): string {
  return oldestInboxAt === null ? '' : `, oldest of ${shownTime(oldestInboxAt)}`;
}

function shownTime(at: number): string {
  return new Date(at).toISOString().slice(0, 16).replace('T', ' ');
}
