import type { Report } from '../domain/report.ts';
import {
  type Dates,
  differs,
  formatChange,
  formatCount,
  formatDuration,
  formatShare,
  negativeShare,
  plural,
} from './figures.ts';

const mostRisers = 2;
const mostSpikes = 2;
const mostTerms = 4;
const leastShift = 0.03;

/** What stands out, in sentences, most important first. Changes that chance would make as well are not told. */
export function findingsOf(report: Report, dates: Dates): readonly string[] {
  return [
    ...volume(report),
    ...categories(report),
    ...spikes(report, dates),
    ...sentiment(report),
    ...terms(report),
    ...triage(report),
  ];
}

function volume({ insight: { posts, signals } }: Report): readonly string[] {
  if (posts.total === 0 && signals.total === 0) return ['Nothing was said in this span.'];
  const said = `${plural(posts.total, 'post')} came in, in ${plural(signals.total, 'signal')}`;
  if (posts.before === 0)
    return [`${said}. Nothing is stored of the span before, so there are no changes to tell.`];
  const change = differs(posts.total, posts.before)
    ? `${formatChange(posts.total, posts.before)} against the ${formatCount(posts.before)} posts of the span before`
    : `about as many as in the span before (${formatCount(posts.before)} posts)`;
  return [`${said}: ${change}.`];
}

function categories({ insight }: Report): readonly string[] {
  const { signals } = insight;
  const largest = insight.categories.toSorted((a, b) => b.total - a.total)[0];
  if (largest === undefined || signals.total === 0 || largest.total === 0) return [];
  const share = formatShare(largest.total / signals.total);
  const most = `Most of it is ${largest.category}: ${plural(largest.total, 'signal')}, ${share} of all.`;
  if (signals.before === 0) return [most];
  const risers = insight.categories
    .filter(({ total, before }) => total > before && differs(total, before))
    .toSorted((a, b) => b.total - b.before - (a.total - a.before))
    .slice(0, mostRisers)
    .map(({ category, total, before }) => `${category} (${formatCount(before)} to ${formatCount(total)})`);
  return risers.length === 0 ? [most] : [most, `Rising: ${listed(risers)}.`];
}

function spikes({ insight }: Report, dates: Dates): readonly string[] {
  const highest = insight.spikes.toSorted((a, b) => b.count - b.usual - (a.count - a.usual));
  if (highest.length === 0) return [];
  const told = highest.slice(0, mostSpikes).map(({ category, since, count, usual }) => {
    const what = plural(count, category === null ? 'signal' : `${category} signal`);
    return `${dates.moment(since)} (${what}, usually ${formatCount(Math.round(usual))})`;
  });
  const more = highest.length - told.length;
  const others = more === 0 ? '' : `, and ${plural(more, 'smaller one')}`;
  return [`${highest.length === 1 ? 'A spike' : 'Spikes'}: ${told.join('; ')}${others}.`];
}

function sentiment({ insight }: Report): readonly string[] {
  const [now, before] = [negativeShare(insight, 'total'), negativeShare(insight, 'before')];
  if (now === null || before === null || Math.abs(now - before) < leastShift) return [];
  const { total, before: usual } = insight.sentiment.negative;
  if (!differs(total, usual)) return [];
  const direction = now > before ? 'more' : 'less';
  return [`It sounds ${direction} negative: ${formatShare(before)} before, ${formatShare(now)} now.`];
}

function terms({ insight }: Report): readonly string[] {
  const rising = insight.terms.slice(0, mostTerms).map(({ name }) => `“${name}”`);
  return rising.length === 0 ? [] : [`Said more than before: ${listed(rising)}.`];
}

function triage({ insight: { pace } }: Report): readonly string[] {
  const { opened, decided, medianToDecisionMs, inbox } = pace;
  if (opened.total === 0 && decided.total === 0) return [];
  const speed =
    medianToDecisionMs === null ? '' : `, half of them within ${formatDuration(medianToDecisionMs)}`;
  const done =
    decided.total === 0 ? 'Nothing was decided' : `${plural(decided.total, 'signal')} decided${speed}`;
  return [`${done}; ${formatCount(inbox)} ${inbox === 1 ? 'waits' : 'wait'} in the inbox.`];
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}
