import { Box } from 'ink';
import { type CellProps, Table } from 'ink-table';
import { createContext, type ReactNode, useContext } from 'react';
import { describeQuota, formatUsd } from '../../../domain/limits.ts';
import type { SourceHealth } from '../../../harvester/harvester.ts';
import { standingOf } from '../../../harvester/source-state.ts';
import { LineView } from '../../components/line-view.tsx';
import type { ListCursor } from '../../model/list-cursor.ts';
import { fitText } from '../../text/fit-text.ts';
import { formatAge, formatCount, formatShort } from '../../text/format.ts';
import { span } from '../../text/spans.ts';
import type { Tone } from '../../theme.ts';
import { glyphOfStanding, remarkOf } from './health-lines.ts';

/** One column: its heading, which ink-table takes for its key, and its width. */
interface HealthColumn {
  readonly title: string;
  readonly columns: number;
  readonly align: 'left' | 'right';
  text(source: SourceHealth): string;
}

interface TableProps {
  readonly sources: readonly SourceHealth[];
  readonly cursor: ListCursor;
  readonly columns: number;
  readonly rows: number;
  readonly now: number;
}

/** Columns that a border, and a blank at either side of a cell, take beside the cells. */
const bordersOf = (cells: number) => cells * 3 + 1;
const leastRemark = 10;
const nameColumn = 1;
const stateColumn = 2;

/**
 * The configured sources before any run. ink-table measures with `.length`, so
 * every cell comes cleaned, cut and padded; it draws a rule between rows, which
 * a list has no room for, so of its frame only the upright bars are drawn.
 */
export function HealthTable({ sources, cursor, columns, rows, now }: TableProps) {
  const selected = sources[cursor.index]?.name ?? '';
  const shown = sources.slice(cursor.top, cursor.top + rows);
  const layout = layOut(sources, selected, columns, now);
  const data = (shown.length === 0 ? [null] : shown).map((source) =>
    Object.fromEntries(
      layout.map(({ title, columns: width, align, text }) => [
        heading(title, width),
        fitText(source === null ? '' : text(source), width, align),
      ]),
    ),
  );
  return (
    <Box flexDirection="column" width={columns} height={rows + 1} flexShrink={0}>
      <SelectedName value={fitText(selected, layout[1]?.columns ?? 0).trim()}>
        <Table
          data={data}
          columns={layout.map(({ title, columns: width, align }) => ({ key: heading(title, width), align }))}
          header={Heading}
          cell={Cell}
          skeleton={Bar}
        />
      </SelectedName>
    </Box>
  );
}

function layOut(
  sources: readonly SourceHealth[],
  selected: string,
  columns: number,
  now: number,
): readonly HealthColumn[] {
  const longest = sources.reduce((most, { name }) => Math.max(most, name.length), 6);
  const quotaOf = ({ quota }: SourceHealth) =>
    quota === null || describeQuota(quota, now) === null ? '' : formatShort(quota.remaining);
  const costOf = ({ monthUsd }: SourceHealth) => (monthUsd > 0 ? formatUsd(monthUsd) : '');
  const right = (title: string, width: number, text: HealthColumn['text']): HealthColumn => ({
    title,
    columns: width,
    align: 'right',
    text,
  });
  const left = (title: string, width: number, text: HealthColumn['text']): HealthColumn => ({
    ...right(title, width, text),
    align: 'left',
  });
  const roomy = columns >= 100;
  const cells = [
    left(' ', 3, (source) => {
      const { glyph } = glyphOfStanding(standingOf(source));
      return `${source.name === selected ? '>' : ' '} ${glyph}`;
    }),
    left('SOURCE', Math.min(longest, roomy ? 28 : 14), ({ name }) => name),
    left('STATE', 7, standingOf),
    ...(columns >= 70 ? [right('POSTS', 6, ({ posts }) => formatCount(posts))] : []),
    ...(columns >= 70 ? [right('LAST', 5, (source) => lastOf(source, now))] : []),
    ...(roomy ? [right('A DAY', 5, usualOf)] : []),
    ...(roomy && sources.some((source) => quotaOf(source) !== '') ? [right('QUOTA', 5, quotaOf)] : []),
    ...(roomy && sources.some((source) => costOf(source) !== '') ? [right('MONTH', 7, costOf)] : []),
  ];
  const used = cells.reduce((sum, each) => sum + each.columns, 0);
  const rest = columns - used - bordersOf(cells.length + 1);
  const remark = left('  ', rest, (source) => narrow(remarkOf(source, now)) ?? source.kind);
  return rest < leastRemark ? cells : [...cells, remark];
}

/** ink-table measures code units: text that is wider or narrower than its length would bend the bars. */
function narrow(text: string): string | null {
  return /^[\x20-\x7e]*$/.test(text) ? text : null;
}

function lastOf({ enabled, lastSuccessAt }: SourceHealth, now: number): string {
  if (!enabled) return '';
  return lastSuccessAt === null ? 'never' : formatAge(lastSuccessAt, now);
}

function usualOf({ usualPerDay }: SourceHealth): string {
  if (usualPerDay === null) return '';
  return usualPerDay > 0 && usualPerDay < 1 ? usualPerDay.toFixed(1) : formatShort(usualPerDay);
}

function heading(title: string, columns: number): string {
  return title.trim() === '' ? title : title.slice(0, columns);
}

function toneOf(column: number, text: string): Tone {
  if (column === 0) return 'strong';
  if (column !== stateColumn) return 'plain';
  const word = text.trim();
  return word === 'failing' ? 'bad' : word === 'silent' || word === 'limited' ? 'warning' : 'quiet';
}

/** ink-table keeps the components that it was first given, so what changes comes to a cell by context. */
const SelectedName = createContext('');

function Cell({ column, children }: CellProps) {
  const selected = useContext(SelectedName);
  const text = String(children);
  const tone = column === nameColumn && text.trim() === selected ? 'selected' : toneOf(column, text);
  return <LineView line={[span(text, tone)]} columns={text.length} />;
}

function Heading({ children }: { readonly children?: ReactNode }) {
  const text = String(children);
  return <LineView line={[span(text, 'heading')]} columns={text.length} />;
}

/** Of the frame only the bars between cells: a rule takes a row, and rows are for sources. */
function Bar({ children }: { readonly children?: ReactNode }) {
  return children === '│' ? <LineView line={[span('│', 'quiet')]} columns={1} /> : null;
}
