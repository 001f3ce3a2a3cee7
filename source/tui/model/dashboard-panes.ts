import type { Insight, Leader } from '../../domain/insight.ts';
import { narrowSearch } from '../../domain/insight-search.ts';
import { formatUsd } from '../../domain/limits.ts';
import type { SourceHealth } from '../../harvester/harvester.ts';
import { standingOf } from '../../harvester/source-state.ts';
import { formatAgo, formatCount, formatDuration } from '../text/format.ts';
import { isSameDay, shortDay, shortTime } from '../text/short-time.ts';
import type { Tone } from '../theme.ts';
import { type DashboardFigures, type Pane, type PaneId, type PaneRow, timeRow } from './dashboard-pane.ts';
import { timingsPane } from './dashboard-timings.ts';

/** Everything on the dashboard, pane by pane, in the order in which tab goes through them. */
export function panesOf(figures: DashboardFigures): readonly Pane[] {
  const { insight } = figures;
  return [
    volumePane(figures),
    daysPane(figures),
    categoriesPane(figures),
    sentimentPane(figures),
    spikesPane(figures),
    leadersPane('terms', 'rising terms', insight.terms, termsEmpty(insight)),
    leadersPane('sources', 'sources', insight.sources),
    leadersPane('authors', 'authors', insight.authors),
    leadersPane('tags', 'tags', insight.tags),
    triagePane(figures),
    healthPane(figures),
    spendPane(figures),
    timingsPane(figures.timings),
  ];
}

const nothing = 'nothing in this window';

function volumePane(figures: DashboardFigures): Pane {
  const { posts, signals, spikes } = figures.insight;
  const rows = [
    timeRow(figures, 'posts', posts, [], { marks: spikes }),
    timeRow(figures, 'signals', signals, [], { marks: spikes }),
  ];
  return { id: 'volume', title: 'volume', rows, empty: nothing };
}

/** A bar a day; of a window of a day, a bar an hour. */
function daysPane({ insight, search }: DashboardFigures): Pane {
  const { bucketStarts, bucket, signals, span } = insight;
  const byHour = span.until - span.since <= 2 * 86_400_000;
  const groups: { since: number; until: number; count: number }[] = [];
  for (const [index, since] of bucketStarts.entries()) {
    const until = bucketStarts[index + 1] ?? span.until;
    const count = signals.buckets[index] ?? 0;
    const last = groups.at(-1);
    if (last !== undefined && bucket === 'hour' && !byHour && isSameDay(last.since, since)) {
      groups[groups.length - 1] = { since: last.since, until, count: last.count + count };
    } else groups.push({ since, until, count });
  }
  const most = Math.max(1, ...groups.map(({ count }) => count));
  const rows = groups.toReversed().map(
    (each): PaneRow => ({
      kind: 'count',
      label: byHour ? shortTime(each.since) : shortDay(each.since),
      count: each.count,
      most,
      before: null,
      search: narrowSearch(search, [], each),
    }),
  );
  return { id: 'days', title: byHour ? 'signals by hour' : 'signals by day', rows, empty: nothing };
}

function categoriesPane(figures: DashboardFigures): Pane {
  const { categories, spikes } = figures.insight;
  const rows = categories.map((each) =>
    timeRow(figures, each.category, each, [{ field: 'category', value: each.category }], {
      shade: 'heat',
      marks: spikes.filter(({ category }) => category === each.category),
    }),
  );
  return { id: 'categories', title: 'categories', rows, empty: nothing };
}

function sentimentPane(figures: DashboardFigures): Pane {
  const { sentiment } = figures.insight;
  const rows = (['negative', 'neutral', 'positive'] as const).map((value) =>
    timeRow(figures, value, sentiment[value], [{ field: 'sentiment', value }]),
  );
  return { id: 'sentiment', title: 'sentiment', rows, empty: nothing };
}

function spikesPane({ insight }: DashboardFigures): Pane {
  const rows = insight.spikes.map(
    ({ category, since, count, usual, search }): PaneRow => ({
      kind: 'words',
      label: `! ${category ?? 'all'}`,
      value: `${formatCount(count)}, usually ${usual.toFixed(usual > 0 && usual < 10 ? 1 : 0)} · ${shortDay(since)} ${shortTime(since)}`,
      tone: 'warning',
      search,
    }),
  );
  return { id: 'spikes', title: 'spikes', rows, empty: 'no hour far above the usual' };
}

function leadersPane(id: PaneId, title: string, leaders: readonly Leader[], empty = nothing): Pane {
  const most = Math.max(1, ...leaders.map(({ count }) => count));
  const rows = leaders.map(
    ({ name, count, before, search }): PaneRow => ({
      kind: 'count',
      label: name,
      count,
      most,
      before,
      search,
    }),
  );
  return { id, title, rows, empty };
}

function termsEmpty({ signals }: Insight): string {
  if (signals.total === 0) return nothing;
  return signals.before === 0 ? 'no past to compare with' : 'no word rises';
}

function triagePane(figures: DashboardFigures): Pane {
  const { insight, search, now } = figures;
  const { pace, span } = insight;
  const inbox = narrowSearch(search, [{ field: 'status', value: 'inbox' }]);
  const decided = [{ field: 'is', value: 'decided' }] as const;
  const oldest = pace.oldestInboxAt === null ? '' : `, oldest ${formatAgo(pace.oldestInboxAt, now)}`;
  const most = Math.max(1, ...pace.inboxAges.map(({ count }) => count));
  const rows: PaneRow[] = [
    timeRow(figures, 'opened', pace.opened),
    timeRow(figures, 'decided', pace.decided, decided),
    {
      kind: 'words',
      label: 'inbox now',
      value: `${formatCount(pace.inbox)}${oldest}`,
      tone: 'plain',
      search: inbox,
    },
    {
      kind: 'words',
      label: 'to decide',
      value: `median ${lasted(pace.medianToDecisionMs)}, before ${lasted(pace.medianToDecisionBeforeMs)}`,
      tone: 'plain',
      search: narrowSearch(search, decided, span),
    },
    ...pace.inboxAges.map(
      (age): PaneRow => ({
        kind: 'count',
        label: `· ${age.label}`,
        count: age.count,
        most,
        before: null,
        search: age.search,
      }),
    ),
  ];
  return { id: 'triage', title: 'triage', rows, empty: nothing };
}

function lasted(ms: number | null): string {
  return ms === null ? '–' : formatDuration(ms);
}

const standingTones: Readonly<Record<string, Tone>> = {
  failing: 'bad',
  silent: 'warning',
  limited: 'warning',
};

/** What needs attention first. */
function healthPane({ sources, insight, search, now }: DashboardFigures): Pane {
  const order = ['failing', 'silent', 'limited'];
  const placeOf = (source: SourceHealth) => {
    const place = order.indexOf(standingOf(source));
    return place < 0 ? order.length : place;
  };
  const rows = sources
    .filter(({ enabled }) => enabled)
    .toSorted((a, b) => placeOf(a) - placeOf(b))
    .map((source): PaneRow => {
      const standing = standingOf(source);
      const why = source.silence ?? (standing === 'failing' ? source.lastError : null);
      return {
        kind: 'words',
        label: source.name,
        value: `${standing} · ${why ?? `last post ${formatAgo(source.lastPostAt, now)}`}`,
        tone: standingTones[standing] ?? 'plain',
        search: narrowSearch(search, [{ field: 'source', value: source.name }], insight.span),
      };
    });
  return { id: 'health', title: 'source health', rows, empty: 'no source is configured' };
}

function spendPane({ insight, search }: DashboardFigures): Pane {
  const { totalUsd, beforeUsd } = insight.spend;
  // What the offline analyzer read was free.
  const paid = { field: 'analyzer', value: 'offline', not: true } as const;
  const rows: PaneRow[] =
    totalUsd + beforeUsd === 0
      ? []
      : [
          {
            kind: 'words',
            label: 'spent',
            value: `${formatUsd(totalUsd)}, before ${formatUsd(beforeUsd)}`,
            tone: 'plain',
            search: narrowSearch(search, [paid], insight.span),
          },
        ];
  return { id: 'spend', title: 'spend', rows, empty: 'nothing was spent' };
}
