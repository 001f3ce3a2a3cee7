import { formatCount } from './figures.ts';
import { html, type Markup } from './markup.ts';

/** What a chart says to those who do not see it, and along its axis. */
export interface ChartFrame {
  /** Unique on the page; a word. */
  readonly id: string;
  readonly title: string;
  /** What there is to see, in a sentence. */
  readonly description: string;
  /** One a bucket, oldest first. */
  readonly labels: readonly string[];
}

/** One colour of a chart; its bars are told apart by their place as well. */
export interface Series {
  readonly name: string;
  readonly tone: 'main' | 'second' | 'negative' | 'neutral' | 'positive';
  readonly values: readonly number[];
}

const plotHeight = 150;
const topRoom = 14;
/** Characters of labels that fit under a chart, with room between them. */
const wideRoom = 90;
const narrowRoom = 32;

/**
 * Bars beside each other, a group a bucket. Places are percents across and
 * pixels down, so that a chart fills any width and its words keep their size.
 *
 * @param marked buckets that stand out; a triangle says so, too
 */
export function barChart(
  frame: ChartFrame,
  series: readonly Series[],
  marked: ReadonlySet<number> = new Set(),
): Markup {
  const ticks = ticksFor(Math.max(1, ...series.flatMap(({ values }) => values)));
  const top = ticks.at(-1) ?? 1;
  const slot = 100 / Math.max(1, frame.labels.length);
  const width = (slot * 0.8) / series.length;
  const bars = series.flatMap(({ tone, values }, place) =>
    values.map((value, index) => {
      const height = (value / top) * plotHeight;
      const left = index * slot + slot * 0.1 + place * width;
      const kind = marked.has(index) && place === 0 ? 'marked' : tone;
      return rectangle(kind, left, topRoom + plotHeight - height, width, height);
    }),
  );
  const first = series[0]?.values ?? [];
  const triangles = [...marked].map((index) => {
    const y = topRoom + plotHeight - ((first[index] ?? 0) / top) * plotHeight - 4;
    return html`<text class="mark" x="${percent((index + 0.5) * slot)}" y="${y.toFixed(1)}">▲</text>`;
  });
  return plot(frame, ticks.map(formatCount), html`${bars}${triangles}`);
}

/** Parts of a whole in each bucket, on top of each other; a bucket without any stays empty. */
export function shareChart(frame: ChartFrame, series: readonly Series[]): Markup {
  const slot = 100 / Math.max(1, frame.labels.length);
  const bars = frame.labels.flatMap((_, index) => {
    const all = series.reduce((sum, { values }) => sum + (values[index] ?? 0), 0);
    if (all === 0) return [];
    let y = topRoom + plotHeight;
    return series.map(({ tone, values }) => {
      const height = ((values[index] ?? 0) / all) * plotHeight;
      y -= height;
      // A hair of background between the parts, so that they do not rest on their colours alone.
      return rectangle(tone, index * slot + slot * 0.1, y, slot * 0.8, Math.max(0, height - 1.5));
    });
  });
  return plot(frame, ['0', '25%', '50%', '75%', '100%'], html`${bars}`);
}

/** A row of small bars without axes, the highest as high as it goes, for a place where its numbers stand beside it. */
export function smallBars(frame: Omit<ChartFrame, 'labels'>, values: readonly number[]): Markup {
  const slot = 100 / Math.max(1, values.length);
  const height = 36;
  const top = Math.max(1, ...values);
  const bars = values.map((value, index) => {
    const tall = (value / top) * (height - 1);
    return rectangle('main', index * slot + slot * 0.1, height - 1 - tall, slot * 0.8, tall);
  });
  return html`<svg class="small" width="100%" height="${height}" role="img" aria-labelledby="${frame.id}-t ${frame.id}-d"><title id="${frame.id}-t">${frame.title}</title><desc id="${frame.id}-d">${frame.description}</desc><rect class="grid" x="0" y="${height - 1}" width="100%" height="1"/>${bars}</svg>`;
}

function plot(frame: ChartFrame, ticks: readonly string[], content: Markup): Markup {
  const lines = ticks.map((_, index) => {
    const y = topRoom + plotHeight - (index / (ticks.length - 1)) * plotHeight;
    return html`<rect class="grid" x="0" y="${(y - 0.5).toFixed(1)}" width="100%" height="1"/>`;
  });
  return html`<div class="chart">
<div class="scale" aria-hidden="true">${ticks.toReversed().map((tick) => html`<span>${tick}</span>`)}</div>
<svg class="plot" width="100%" height="${topRoom + plotHeight + 22}" role="img" aria-labelledby="${frame.id}-t ${frame.id}-d"><title id="${frame.id}-t">${frame.title}</title><desc id="${frame.id}-d">${frame.description}</desc>${lines}${content}${axisLabels(frame.labels)}</svg>
</div>`;
}

/** As many labels as fit; on a narrow screen fewer of them are shown. */
function axisLabels(labels: readonly string[]): readonly Markup[] {
  const slot = 100 / Math.max(1, labels.length);
  const longest = Math.max(1, ...labels.map(({ length }) => length)) + 2;
  const step = Math.max(1, Math.ceil((labels.length * longest) / wideRoom));
  const narrowStep = step * Math.max(1, Math.ceil((labels.length * longest) / step / narrowRoom));
  return labels.flatMap((label, index) => {
    if (index % step !== 0) return [];
    const kind = index % narrowStep === 0 ? 'axis' : 'axis wide';
    // Under narrow bars the first label would stick out at the left.
    const isFirst = index === 0 && step > 1;
    const x = isFirst ? '0' : percent((index + 0.5) * slot);
    return [
      html`<text class="${isFirst ? `${kind} first` : kind}" x="${x}" y="${topRoom + plotHeight + 16}">${label}</text>`,
    ];
  });
}

function rectangle(tone: string, x: number, y: number, width: number, height: number): Markup {
  if (height <= 0) return html``;
  return html`<rect class="${tone}" x="${percent(x)}" y="${y.toFixed(1)}" width="${percent(width)}" height="${height.toFixed(1)}"/>`;
}

function percent(value: number): string {
  return `${Number(value.toFixed(3))}%`;
}

/** From 0 in three to five even steps of 1, 2 or 5 times a power of ten, past the highest value. */
export function ticksFor(highest: number): readonly number[] {
  const power = 10 ** Math.floor(Math.log10(highest / 4));
  const step = Math.max(
    1,
    [1, 2, 5, 10].map((each) => each * power).find((each) => each * 4 >= highest) ?? 1,
  );
  const count = Math.max(1, Math.ceil(highest / step));
  return Array.from({ length: count + 1 }, (_, index) => index * step);
}
