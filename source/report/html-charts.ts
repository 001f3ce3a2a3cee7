import type { Insight } from '../domain/insight.ts';
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
import { findingsOf } from './findings.ts';
import { headlinesOf } from './headlines.ts';
import { dataTable, table } from './html-table.ts';
import { html, type Markup } from './markup.ts';
import { barChart, type Series, shareChart, smallBars } from './svg-charts.ts';

/** The headline numbers, and what stands out. */
export function overviewSection(report: Report, dates: Dates): Markup {
  const findings = findingsOf(report, dates);
  return html`<ul class="findings">${findings.map((finding) => html`<li>${finding}</li>`)}</ul>
<dl class="figures">${headlinesOf(report, dates).map(
    ({
      name,
      value,
      change,
    }) => html`<div><dt>${name}</dt><dd class="number">${value}</dd><dd>${change}</dd></div>
`,
  )}</dl>`;
}

export function volumeSection({ insight }: Report, dates: Dates): Markup {
  if (insight.posts.total === 0) return html`<p>No posts in this span.</p>`;
  const { posts, signals, bucketStarts, spikes, bucket } = insight;
  const frame = {
    id: 'posts-chart',
    title: `Posts per ${bucket}`,
    description: describeRange(insight, posts.buckets, 'posts', dates),
    labels: bucketStarts.map(dates.bucket),
  };
  const marked = new Set(bucketsOf(insight));
  return html`<figure>
<figcaption>Posts per ${bucket} <span>${plural(posts.total, 'post')} in ${plural(signals.total, 'signal')}</span></figcaption>
${barChart(frame, [{ name: 'posts', tone: 'main', values: posts.buckets }], marked)}
${marked.size > 0 && html`<p class="about">▲ a spike lies here</p>`}
${dataTable(
  `Posts and new signals per ${bucket}`,
  [bucket === 'day' ? 'Day' : 'Hour', 'Posts', 'New signals'],
  bucketStarts.map((at, index) => [
    dates.bucketInFull(at),
    posts.buckets[index] ?? 0,
    signals.buckets[index] ?? 0,
  ]),
)}
</figure>
${
  spikes.length === 0
    ? html`<p>No spikes: in no hour were there far more signals than usual.</p>`
    : table(
        'Spikes',
        ['When', 'What', 'Count', 'Usual', 'Times usual'],
        spikes.map(({ since, until, category, count, usual }) => [
          dates.span({ since, until }),
          category ?? 'all signals',
          count,
          Math.round(usual * 10) / 10,
          usual > 0 ? `×${formatCount(Math.round(count / usual))}` : 'new',
        ]),
      )
}`;
}

/** One small chart a category, all on one scale, and the table behind them. */
export function categoryCharts({ insight }: Report, dates: Dates): Markup {
  const shown = insight.categories.filter(({ total }) => total > 0);
  const { bucket, bucketStarts } = insight;
  if (shown.length === 0) return html``;
  return html`<figure>
<figcaption>New signals per ${bucket}, by category <span>each on its own scale, up to its highest ${bucket}</span></figcaption>
<ul class="multiples">${shown.map(
    (
      { category, total, buckets },
      index,
    ) => html`<li><p><span>${category}</span><span class="quiet">${formatCount(total)}, highest ${formatCount(Math.max(0, ...buckets))}</span></p>
${smallBars({ id: `category-${index}`, title: `${category} per ${bucket}`, description: describeRange(insight, buckets, 'signals', dates) }, buckets)}</li>
`,
  )}</ul>
${dataTable(
  `New signals per ${bucket}, by category`,
  [bucket === 'day' ? 'Day' : 'Hour', ...shown.map(({ category }) => category)],
  bucketStarts.map((at, index) => [
    dates.bucketInFull(at),
    ...shown.map(({ buckets }) => buckets[index] ?? 0),
  ]),
)}
</figure>`;
}

export function sentimentSection({ insight }: Report, dates: Dates): Markup {
  const { sentiment, bucket, bucketStarts } = insight;
  const [now, before] = [negativeShare(insight, 'total'), negativeShare(insight, 'before')];
  if (now === null) return html`<p>Nothing of this span has been analyzed for sentiment yet.</p>`;
  const series: readonly Series[] = [
    { name: 'negative', tone: 'negative', values: sentiment.negative.buckets },
    { name: 'neutral', tone: 'neutral', values: sentiment.neutral.buckets },
    { name: 'positive', tone: 'positive', values: sentiment.positive.buckets },
  ];
  const all = sentiment.negative.total + sentiment.neutral.total + sentiment.positive.total;
  const frame = {
    id: 'sentiment-chart',
    title: `Sentiment per ${bucket}`,
    description: `Negative ${formatShare(now)} of the signals of the span${before === null ? '' : `, ${formatShare(before)} in the span before`}; negative at the bottom, neutral between, positive on top.`,
    labels: bucketStarts.map(dates.bucket),
  };
  return html`<figure>
<figcaption>How the signals of each ${bucket} sound <span>in parts of a hundred</span></figcaption>
${shareChart(frame, series)}
${legend([...series].reverse(), (name) => {
  const of = sentiment[name as keyof typeof sentiment];
  const change = hasPast(insight) ? formatChange(of.total, of.before) : '';
  return `${name}: ${formatCount(of.total)} (${formatShare(of.total / all)}${change === '' ? '' : `, ${change}`})`;
})}
${dataTable(
  `Signals per ${bucket}, by sentiment`,
  [bucket === 'day' ? 'Day' : 'Hour', ...series.map(({ name }) => name)],
  bucketStarts.map((at, index) => [
    dates.bucketInFull(at),
    ...series.map(({ values }) => values[index] ?? 0),
  ]),
)}
</figure>`;
}

/** Opened and decided beside each other. */
export function paceChart({ insight }: Report, dates: Dates): Markup {
  const { bucket, bucketStarts, pace } = insight;
  const series: readonly Series[] = [
    { name: 'opened', tone: 'main', values: pace.opened.buckets },
    { name: 'decided', tone: 'second', values: pace.decided.buckets },
  ];
  const frame = {
    id: 'pace-chart',
    title: `Signals opened and decided per ${bucket}`,
    description: `${plural(pace.opened.total, 'signal')} opened, ${formatCount(pace.decided.total)} decided${pace.medianToDecisionMs === null ? '' : `, half of them within ${formatDuration(pace.medianToDecisionMs)}`}.`,
    labels: bucketStarts.map(dates.bucket),
  };
  return html`<figure>
<figcaption>Opened and decided per ${bucket}</figcaption>
${barChart(frame, series)}
${legend(series, (name) => `${name}: ${formatCount(name === 'opened' ? pace.opened.total : pace.decided.total)}`)}
${dataTable(
  `Signals opened and decided per ${bucket}`,
  [bucket === 'day' ? 'Day' : 'Hour', 'Opened', 'Decided'],
  bucketStarts.map((at, index) => [
    dates.bucketInFull(at),
    pace.opened.buckets[index] ?? 0,
    pace.decided.buckets[index] ?? 0,
  ]),
)}
</figure>`;
}

function legend(series: readonly Series[], words: (name: string) => string): Markup {
  return html`<ul class="legend">${series.map(
    ({ name, tone }) =>
      html`<li><svg width="12" height="12" aria-hidden="true"><rect class="${tone}" width="12" height="12"/></svg>${words(name)}</li>`,
  )}</ul>`;
}

/** Buckets in which a part of a spike lies. */
function bucketsOf({ spikes, bucketStarts, span }: Insight): readonly number[] {
  return bucketStarts.flatMap((start, index) => {
    const end = bucketStarts[index + 1] ?? span.until;
    return spikes.some(({ since, until }) => since < end && until > start) ? [index] : [];
  });
}

function describeRange(
  { bucketStarts, bucket }: Insight,
  values: readonly number[],
  what: string,
  dates: Dates,
): string {
  const highest = Math.max(0, ...values);
  const at = bucketStarts[values.indexOf(highest)];
  if (highest === 0 || at === undefined) return `No ${what} in any ${bucket}.`;
  return `From ${formatCount(Math.min(...values))} to ${formatCount(highest)} ${what} per ${bucket}; the most on ${dates.bucketInFull(at)}.`;
}
