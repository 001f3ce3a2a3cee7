/** Sizes of the parts of a screen, in cells. Pure: the models scroll by the same numbers that are drawn. */

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** Header, message line and footer. */
const frameRows = 3;

export type Fit = 'full' | 'compact' | 'none';

/** Whether there is room: `compact` still shows the list, `none` only a notice. */
export function fitOf({ columns, rows }: Size): Fit {
  if (columns < 32 || rows < 8) return 'none';
  return columns < 60 || rows < 16 ? 'compact' : 'full';
}

export function bodyRows(size: Size): number {
  return Math.max(1, size.rows - frameRows);
}

export interface SignalsLayout {
  readonly listColumns: number;
  /** Rows of signals, without the two lines above them. */
  readonly listRows: number;
  /** 0 when there is no room for the detail. */
  readonly detailColumns: number;
  readonly detailRows: number;
  readonly beside: boolean;
}

/** The detail stands beside the list from 110 columns, below it under that. */
export function signalsLayout(size: Size): SignalsLayout {
  const body = bodyRows(size);
  const heading = 2;
  if (size.columns >= 110) {
    const detailColumns = Math.min(90, Math.floor(size.columns * 0.42));
    return {
      listColumns: size.columns - detailColumns - 2,
      listRows: Math.max(1, body - heading),
      detailColumns,
      detailRows: body,
      beside: true,
    };
  }
  const detailRows = fitOf(size) === 'full' ? Math.min(14, Math.max(5, Math.floor(body * 0.3))) : 0;
  return {
    listColumns: size.columns,
    listRows: Math.max(1, body - heading - (detailRows > 0 ? detailRows + 1 : 0)),
    detailColumns: detailRows > 0 ? size.columns : 0,
    detailRows,
    beside: false,
  };
}

export interface WeightsLayout {
  /** Rows of weights and of the order, without the line above each. */
  readonly weightRows: number;
  readonly orderRows: number;
  readonly weightColumns: number;
  readonly orderColumns: number;
  readonly beside: boolean;
}

/** The order stands beside the weights from 64 columns, below them under that. */
export function weightsLayout(size: Size): WeightsLayout {
  const body = bodyRows(size);
  if (size.columns >= 64) {
    const weightColumns = size.columns >= 100 ? 40 : 32;
    const rows = Math.max(1, body - 1);
    const orderColumns = size.columns - weightColumns - 2;
    return { weightRows: rows, orderRows: rows, weightColumns, orderColumns, beside: true };
  }
  const weightRows = Math.max(1, Math.floor((body - 2) * 0.4));
  const orderRows = Math.max(1, body - 2 - weightRows);
  return { weightRows, orderRows, weightColumns: size.columns, orderColumns: size.columns, beside: false };
}

export interface HarvestLayout {
  readonly sourceRows: number;
  /** Lines about the selected source; 0 when there is no room. */
  readonly aboutRows: number;
  /** Whether the bars of the stages are shown. */
  readonly stages: boolean;
}

export function harvestLayout(size: Size, sources: number, stageCount: number): HarvestLayout {
  const body = bodyRows(size);
  const compact = fitOf(size) !== 'full';
  // Summary line, table heading; then a rule and a bar a stage.
  const stages = stageCount > 0 && body >= 12;
  const fixed = 2 + (stages ? 1 + stageCount : 0);
  const about = compact ? 0 : Math.min(6, Math.max(2, Math.floor((body - fixed) * 0.35)));
  const rest = body - fixed - (about > 0 ? about + 1 : 0);
  const sourceRows = Math.max(1, Math.min(rest, Math.max(1, sources)));
  return { sourceRows, aboutRows: about > 0 ? about + (rest - sourceRows) : 0, stages };
}

export interface RetentionLayout {
  /** Rows of snapshots, without the two lines above them. */
  readonly listRows: number;
  /** Lines of rules. */
  readonly ruleRows: number;
  /** Lines about the selected snapshot, the question or the last report. */
  readonly aboutRows: number;
  /** Lines about signals that have had their time; 0 when there is no room. */
  readonly signalRows: number;
}

const mostAbout = 10;

/** Summary and heading, the list, and three panes under it with a title each. */
export function retentionLayout(size: Size, snapshots: number, signalRules: number): RetentionLayout {
  const body = bodyRows(size);
  const compact = fitOf(size) !== 'full';
  const ruleRows = compact ? 1 : size.columns >= 160 ? 1 : size.columns >= 72 ? 2 : 3;
  const signalRows = compact || body < 18 ? 0 : Math.min(Math.max(1, signalRules), body < 30 ? 2 : 5);
  const leastAbout = compact ? Math.min(3, Math.max(0, body - 8)) : body < 18 ? 2 : body < 30 ? 4 : 6;
  const titles = 1 + (leastAbout > 0 ? 1 : 0) + (signalRows > 0 ? 1 : 0);
  const rest = Math.max(1, body - 2 - titles - ruleRows - signalRows - leastAbout);
  const listRows = Math.max(1, Math.min(rest, Math.max(4, snapshots)));
  const aboutRows = leastAbout > 0 ? Math.min(mostAbout, leastAbout + rest - listRows) : 0;
  return { listRows, ruleRows, aboutRows, signalRows };
}
