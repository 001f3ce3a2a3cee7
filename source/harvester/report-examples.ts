import type { Sentiment } from '../domain/analysis.ts';
import type { Span } from '../domain/insight.ts';
import type { ReportExample } from '../domain/report.ts';
import { type ScoreSettings, salienceAt } from '../domain/score.ts';
import { type Condition, readsPosts } from '../domain/search-condition.ts';
import { shorten } from '../domain/shorten.ts';
import type { StoredSignalRow } from '../ports/desk-store.ts';
import type { SignalChoice } from '../ports/insight.ts';
import type { WeighedSignal } from '../ports/report.ts';
import type { Store } from '../ports/store.ts';
import { Patience } from './insight-patience.ts';

/** About how long finding examples may take. */
const patienceMs = 3_000;
const mostMatching = 20_000;

interface Examples {
  /** By category, what weighs most first. */
  readonly examples: ReadonlyMap<string, readonly ReportExample[]>;
  /** Time was up before all of the span was looked at: its beginning is missing. */
  readonly capped: boolean;
}

/**
 * The signals of each category that weigh most, in a span: those of highest
 * salience as of when they were written. By the salience of now, the end of
 * the span would crowd out all before it.
 */
export async function findExamples(
  { store, scoring }: { readonly store: Store; readonly scoring: { readonly settings: ScoreSettings } },
  search: Condition | undefined,
  span: Span,
  most: number,
): Promise<Examples> {
  const { settings } = scoring;
  const patience = new Patience(patienceMs);
  const choice = await choiceOf(store, search, span, patience);
  let best = new Map<string, readonly WeighedSignal[]>();
  await patience.inPieces(span, async (piece) => {
    const found = await store.weightiest(choice, piece, { halfLifeHours: settings.halfLifeHours, most });
    const both = Map.groupBy([...best.values()].flat().concat(found), ({ category }) => category);
    best = new Map(
      [...both].map(([category, each]) => [
        category,
        each.toSorted((a, b) => b.weightLog2 - a.weightLog2 || a.id - b.id).slice(0, most),
      ]),
    );
  });
  const rows = await rowsOf(
    store,
    [...best.values()].flat().map(({ id }) => id),
  );
  const examples = [...best].map(
    ([category, each]) =>
      [
        category,
        each.flatMap(({ id }) => {
          const row = rows.get(id);
          return row === undefined ? [] : [exampleOf(row, settings)];
        }),
      ] as const,
  );
  return { examples: new Map(examples), capped: patience.isOver };
}

/** A search that asks for words is answered first: the sums know only facts and numbers of signals. */
async function choiceOf(
  store: Store,
  search: Condition | undefined,
  span: Span,
  patience: Patience,
): Promise<SignalChoice> {
  if (search === undefined) return {};
  if (!readsPosts(search)) return { facts: search };
  const limits = { most: mostMatching, patienceMs: patience.leftMs / 2 };
  const { ids, capped } = await store.matchingIn(search, span, limits);
  if (capped) patience.isOver = true;
  return { ids };
}

async function rowsOf(store: Store, ids: readonly number[]): Promise<ReadonlyMap<number, StoredSignalRow>> {
  const { rows } = await store.signalWindow({
    search: { condition: 'ids', ids },
    sort: 'newest',
    direction: 'forward',
    limit: Math.max(1, ids.length),
  });
  return new Map(rows.map(({ row }) => [row.id, row]));
}

/** A signal as a report quotes it: its texts cut, and its salience as of when it was written. */
export function exampleOf(row: StoredSignalRow, settings: ScoreSettings): ReportExample {
  const { id, status, author, source, url, createdAt, echoes, category, urgency } = row;
  return {
    id,
    status,
    title: row.title === null ? null : shorten(row.title, { characters: 200 }),
    text: shorten(row.text, { characters: row.title === null ? 600 : 400 }),
    author,
    source,
    url,
    createdAt,
    echoes,
    category,
    // The column holds nothing else.
    sentiment: row.sentiment as Sentiment | null,
    urgency,
    salience: row.rank === null ? null : Math.round(salienceAt(row.rank, createdAt, settings) * 10) / 10,
  };
}
