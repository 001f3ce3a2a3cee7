import type { Trend } from '../domain/insight.ts';
import { formatUsd } from '../domain/limits.ts';
import type { Report } from '../domain/report.ts';
import {
  type Dates,
  formatChange,
  formatCount,
  formatDuration,
  formatShare,
  hasPast,
  negativeShare,
  plural,
} from './figures.ts';

/** One number, and what became of it. */
export interface Headline {
  readonly name: string;
  readonly value: string;
  readonly change: string;
}

export function headlinesOf(report: Report, dates: Dates): readonly Headline[] {
  const { insight } = report;
  const { pace, spend } = insight;
  const ofTrend = hasPast(insight) ? comparedWithBefore : alone;
  return [
    { name: 'Posts', ...ofTrend(insight.posts) },
    { name: 'New signals', ...ofTrend(insight.signals) },
    ...negative(report),
    { name: 'Signals decided', ...ofTrend(pace.decided) },
    ...speed(report),
    {
      name: 'In the inbox now',
      value: formatCount(pace.inbox),
      change: pace.oldestInboxAt === null ? '' : `oldest of ${dates.day(pace.oldestInboxAt)}`,
    },
    { name: 'Spikes', value: formatCount(insight.spikes.length), change: '' },
    ...(spend.totalUsd === 0 && spend.beforeUsd === 0
      ? []
      : [
          {
            name: 'Spent',
            value: formatUsd(spend.totalUsd),
            change: `${formatUsd(spend.beforeUsd)} before`,
          },
        ]),
  ];
}

function alone({ total }: Trend): Pick<Headline, 'value' | 'change'> {
  return { value: formatCount(total), change: '' };
}

function comparedWithBefore({ total, before }: Trend): Pick<Headline, 'value' | 'change'> {
  const change = formatChange(total, before);
  const against = `${formatCount(before)} before`;
  return {
    value: formatCount(total),
    change: change === '' || before === 0 || change === 'as before' ? against : `${change}, ${against}`,
  };
}

function negative({ insight }: Report): readonly Headline[] {
  const [now, before] = [negativeShare(insight, 'total'), negativeShare(insight, 'before')];
  if (now === null) return [];
  const points = before === null ? 0 : Math.round(now * 100) - Math.round(before * 100);
  const moved = points === 0 ? '' : `${points > 0 ? '+' : '−'}${plural(Math.abs(points), 'point')}, `;
  return [
    {
      name: 'Negative signals',
      value: formatShare(now),
      change: before === null ? '' : `${moved}${formatShare(before)} before`,
    },
  ];
}

function speed({ insight: { pace } }: Report): readonly Headline[] {
  const { medianToDecisionMs: now, medianToDecisionBeforeMs: before } = pace;
  if (now === null) return [];
  return [
    {
      name: 'Time to decide',
      value: formatDuration(now),
      change: before === null ? 'median' : `median, ${formatDuration(before)} before`,
    },
  ];
}
