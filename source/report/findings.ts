import type { InsightSpike, Span } from '../domain/insight.ts';
import type { Report } from '../domain/report.ts';
import { otherCategory } from '../domain/taxonomy.ts';
import {
  type Dates,
  differs,
  formatChange,
  formatCount,
  formatDuration,
  formatShare,
  hasPast,
  negativeShare,
  plural,
} from './figures.ts';

const mostRisers = 2;
const mostEvents = 2;
const mostParts = 3;
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

function volume({ insight }: Report): readonly string[] {
  const { posts, signals } = insight;
  if (posts.total === 0 && signals.total === 0) return ['Nothing was said in this span.'];
  const said = `${plural(posts.total, 'post')} came in, in ${plural(signals.total, 'signal')}`;
  if (!hasPast(insight))
    return [`${said}. Nothing is stored of the span before, so there are no changes to tell.`];
  const change = differs(posts.total, posts.before)
    ? `${formatChange(posts.total, posts.before)} against the ${formatCount(posts.before)} posts of the span before`
    : `about as many as in the span before (${formatCount(posts.before)} posts)`;
  return [`${said}: ${change}.`];
}

function categories({ insight }: Report): readonly string[] {
  const { signals } = insight;
  const named = insight.categories.filter(({ category, total }) => category !== otherCategory && total > 0);
  const largest = named.toSorted((a, b) => b.total - a.total)[0];
  if (largest === undefined || signals.total === 0) return [];
  const share = formatShare(largest.total / signals.total);
  const most = `The largest category is ${largest.category}: ${plural(largest.total, 'signal')}, ${share} of all.`;
  if (signals.before === 0) return [most];
  const risers = named
    .filter(({ total, before }) => total > before && differs(total, before))
    .toSorted((a, b) => b.total - b.before - (a.total - a.before))
    .slice(0, mostRisers)
    .map(({ category, total, before }) => `${category} (${formatCount(before)} to ${formatCount(total)})`);
  return risers.length === 0 ? [most] : [most, `Rising: ${listed(risers)}.`];
}

/** Spikes of several categories at one time are one event, told once. */
function spikes({ insight }: Report, dates: Dates): readonly string[] {
  const events = eventsOf(insight.spikes);
  const told = events.slice(0, mostEvents).map(({ since, until, spikes: parts }) => {
    const named = parts
      .slice(0, mostParts)
      .map(
        ({ category, count, usual }) =>
          `${plural(count, category === null ? 'signal' : `${category} signal`)} (usually ${formatCount(Math.round(usual))})`,
      );
    return `${dates.span({ since, until })}, ${listed(named)}`;
  });
  const more = events.length - told.length;
  const others = more === 0 ? '' : `, and ${plural(more, 'smaller one')}`;
  if (told.length === 0) return [];
  return [`${events.length === 1 ? 'A spike' : 'Spikes'}: ${told.join('; ')}${others}.`];
}

interface SpikeEvent extends Span {
  /** Strongest first. */
  readonly spikes: readonly InsightSpike[];
}

/** What overlaps in time or follows at once, strongest event first. */
function eventsOf(spikes: readonly InsightSpike[]): readonly SpikeEvent[] {
  const events: SpikeEvent[] = [];
  for (const spike of spikes.toSorted((a, b) => a.since - b.since)) {
    const last = events.at(-1);
    if (last === undefined || spike.since > last.until) {
      events.push({ since: spike.since, until: spike.until, spikes: [spike] });
    } else {
      const until = Math.max(last.until, spike.until);
      events[events.length - 1] = { since: last.since, until, spikes: [...last.spikes, spike] };
    }
  }
  const excess = ({ count, usual }: InsightSpike) => count - usual;
  const sum = (event: SpikeEvent) => event.spikes.reduce((total, spike) => total + excess(spike), 0);
  return events
    .map((event) => ({ ...event, spikes: event.spikes.toSorted((a, b) => excess(b) - excess(a)) }))
    .toSorted((a, b) => sum(b) - sum(a));
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
