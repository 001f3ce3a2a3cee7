import type { Span } from '../domain/insight.ts';
import type { DecisionReport, Report, ReportMethod } from '../domain/report.ts';
import type { ScoreSettings } from '../domain/score.ts';
import type { Condition } from '../domain/search-condition.ts';
import type { View } from '../domain/view.ts';
import { UserError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { SignalFilter } from '../ports/desk-store.ts';
import type { Store } from '../ports/store.ts';
import type { SourceHealth } from './harvester.ts';
import type { InsightSubject } from './insight.ts';
import type { ReadQuery } from './matching-signals.ts';
import { sumDecisions } from './report-decisions.ts';
import { exampleOf, findExamples } from './report-examples.ts';
import { standingOf } from './source-state.ts';

/** What a report is asked about. A view or a search, not both. */
export interface ReportRequest extends Span {
  readonly view?: string;
  /** In the language of searches. */
  readonly search?: string;
  /** IANA name; that of the application when absent. */
  readonly timeZone?: string;
}

export interface Reports {
  /**
   * What a team would be told of a span.
   *
   * @throws UserError `bad-search`, `unknown-view`, `bad-span` as `insight.read`, `usage` for a view and a search at once
   */
  make(request: ReportRequest): Promise<Report>;
}

/** What the configuration says that a report repeats. */
export interface ReportSetup {
  readonly topic: string;
  readonly programVersion: string;
  /** Of the categories, by id. */
  readonly descriptions: Readonly<Record<string, string>>;
}

export const noSetup: ReportSetup = { topic: '', programVersion: 'unknown', descriptions: {} };

interface ReportParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly scoring: { readonly settings: ScoreSettings };
  readonly timeZone: string;
  readonly setup: ReportSetup;
  readonly read: ReadQuery;
  /** Those of the program, the configuration and the store. */
  readonly listViews: () => Promise<readonly View[]>;
  readonly sources: () => Promise<readonly SourceHealth[]>;
  readonly insight: InsightSubject;
}

const examplesPerCategory = 4;
const escalatedShown = 10;
const longestByHour = 2 * 86_400_000;
/** How long one count of the appendix may take. */
const countPatienceMs = 60;
export function createReports(parts: ReportParts): Reports {
  const { clock, setup, read } = parts;
  return {
    make: async (request) => {
      const { since, until } = request;
      const timeZone = request.timeZone ?? parts.timeZone;
      const search = await searchOf(parts, request);
      const filter = search === null ? {} : (await read({ search })).filter;
      const span = { since, until };
      const insight = await parts.insight.read({
        ...span,
        timeZone,
        // A report is read at leisure, not watched: bars that can be told apart say more than hours.
        bucket: until - since <= longestByHour ? 'hour' : 'day',
        ...(search === null ? {} : { search }),
      });
      const best = await findExamples(parts, filter.search, span, examplesPerCategory);
      const categories = insight.categories
        .filter(({ total, before }) => total > 0 || before > 0)
        .map(({ category }) => ({
          category,
          description: setup.descriptions[category] ?? '',
          examples: best.examples.get(category) ?? [],
        }));
      return {
        version: 1,
        topic: setup.topic,
        madeAt: clock.now(),
        timeZone,
        view: request.view ?? null,
        search,
        insight,
        categories,
        decisions: await decisionsOf(parts, span, search === null ? null : filter),
        method: await methodOf(parts, filter, span, best.capped),
      };
    },
  };
}

async function searchOf(parts: ReportParts, { view, search }: ReportRequest): Promise<string | null> {
  if (view === undefined) return search === undefined || search.trim() === '' ? null : search.trim();
  if (search !== undefined) {
    throw new UserError('usage', 'A report is of a view or of a search, not of both.', {
      fix: 'Leave one of them out.',
    });
  }
  const views = await parts.listViews();
  const found = views.find(({ name }) => name === view);
  if (found !== undefined) return found.query;
  throw new UserError('unknown-view', `There is no view named ${view}.`, {
    fix: `There are: ${views.map(({ name }) => name).join(', ')}.`,
  });
}

function within(filter: SignalFilter, { since, until }: Span): SignalFilter {
  const written: Condition = {
    condition: 'range',
    field: 'createdAt',
    range: { min: since, max: until, maxOpen: true },
  };
  return {
    ...filter,
    search: { condition: 'all', of: [written, ...(filter.search === undefined ? [] : [filter.search])] },
  };
}

async function decisionsOf(
  { store, scoring }: ReportParts,
  span: Span,
  filter: SignalFilter | null,
): Promise<DecisionReport> {
  const { escalations, ...sums } = await sumDecisions(store, span, filter);
  const escalated = [];
  for (const { signalId, actor, at } of escalations) {
    if (escalated.length === escalatedShown) break;
    const signal = await store.signal(signalId);
    if (signal?.status !== 'escalated') continue;
    escalated.push({ ...exampleOf(signal, scoring.settings), by: actor, decidedAt: at });
  }
  return { ...sums, escalated };
}

async function methodOf(
  parts: ReportParts,
  filter: SignalFilter,
  span: Span,
  examplesCapped: boolean,
): Promise<ReportMethod> {
  const { store, setup } = parts;
  const countOf = async (condition: Condition) => {
    const spanned = within(filter, span);
    const of = [condition, ...(spanned.search === undefined ? [] : [spanned.search])];
    const { count, capped } = await store.countPatiently(
      { ...spanned, search: { condition: 'all', of } },
      countPatienceMs,
    );
    return { signals: count, capped };
  };
  const analyzers = [];
  for (const { analyzer } of (await store.totals()).analyses) {
    const counted = await countOf({ condition: 'in', field: 'analyzer', values: [analyzer] });
    if (counted.signals > 0) analyzers.push({ analyzer, ...counted });
  }
  return {
    programVersion: setup.programVersion,
    analyzers: analyzers.toSorted((a, b) => b.signals - a.signals),
    unanalyzed: await countOf({ condition: 'flag', flag: 'unanalyzed' }),
    failing: (await parts.sources())
      .filter((source) => standingOf(source) === 'failing')
      .map(({ name, lastError }) => (lastError === null ? name : `${name}: ${lastError}`)),
    examplesPerCategory,
    examplesCapped,
  };
}
