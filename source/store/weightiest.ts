import { type Kysely, sql } from 'kysely';
import type { Span } from '../domain/insight.ts';
import type { SignalChoice } from '../ports/insight.ts';
import type { ReportStore, WeighedSignal } from '../ports/report.ts';
import { signalsIn } from './insight-sums.ts';
import type { Tables } from './schema.ts';

const hourMs = 3_600_000;

/** The rank without the part that time has in it (`rankOf` in domain/score.ts), highest first within each category. */
export async function weightiest(
  db: Kysely<Tables>,
  choice: SignalChoice,
  span: Span,
  { halfLifeHours, most }: { readonly halfLifeHours: number; readonly most: number },
): ReturnType<ReportStore['weightiest']> {
  const { rows } = await sql<WeighedSignal>`
    SELECT id, category, weightLog2 FROM (
      SELECT *, row_number() OVER (PARTITION BY category ORDER BY weightLog2 DESC, id) AS place FROM (
        SELECT signals.id, signals.category, signals.rank - signals.createdAt / ${hourMs * halfLifeHours} AS weightLog2
        ${signalsIn(choice, span)} AND signals.rank IS NOT NULL AND signals.category IS NOT NULL
      )
    ) WHERE place <= ${most}`.execute(db);
  return rows;
}
