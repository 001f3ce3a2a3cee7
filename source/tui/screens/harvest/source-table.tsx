import { Box } from 'ink';
import { Beat } from '../../components/beat.tsx';
import { LineView } from '../../components/line-view.tsx';
import type { HarvestState } from '../../model/harvest-desk.ts';
import { type Line, span } from '../../text/spans.ts';
import {
  glyphOfHealth,
  glyphOfState,
  healthHeading,
  healthLine,
  runHeading,
  runLine,
  sourceLayout,
} from './source-lines.ts';

interface TableRow {
  readonly name: string;
  readonly glyph: Line[number];
  readonly line: Line;
  readonly busy: boolean;
}

interface TableProps {
  readonly state: HarvestState;
  readonly columns: number;
  readonly rows: number;
  readonly now: number;
}

/** A row a source: of the run if there is one, or else what is configured. */
export function SourceTable({ state, columns, rows, now }: TableProps) {
  const { progress, sources, cursor } = state;
  const names = (progress?.sources ?? sources ?? []).map((source) => source.name);
  const layout = sourceLayout(columns, names);
  const all: readonly TableRow[] =
    progress !== null
      ? progress.sources.map((source) => {
          const { glyph, tone } = glyphOfState(source.state);
          const busy = source.state === 'fetching' && state.phase === 'running';
          return { name: source.name, glyph: span(`${glyph} `, tone), line: runLine(source, layout), busy };
        })
      : (sources ?? []).map((source) => {
          const { glyph, tone } = glyphOfHealth(source);
          return {
            name: source.name,
            glyph: span(`${glyph} `, tone),
            line: healthLine(source, layout, now),
            busy: false,
          };
        });
  const shown = all.slice(cursor.top, cursor.top + rows);
  const heading = progress === null ? healthHeading(layout) : runHeading(layout);
  return (
    <Box flexDirection="column" width={columns} height={rows + 1} flexShrink={0}>
      <LineView line={heading} columns={columns} />
      {shown.map((row, index) => (
        <SourceRow
          key={row.name}
          row={row}
          selected={cursor.top + index === cursor.index}
          columns={columns}
        />
      ))}
    </Box>
  );
}

function SourceRow({
  row,
  selected,
  columns,
}: {
  readonly row: TableRow;
  readonly selected: boolean;
  readonly columns: number;
}) {
  const marker = span(selected ? '> ' : '  ', selected ? 'selected' : 'plain');
  const line = selected ? [span(row.line.map((piece) => piece.text).join(''), 'selected')] : row.line;
  const glyph = selected ? span(row.glyph.text, 'selected') : row.glyph;
  if (!row.busy) return <LineView line={[marker, glyph, ...line]} columns={columns} />;
  return (
    <Box>
      <LineView line={[marker]} columns={2} />
      <Beat tone={selected ? 'selected' : 'accent'} />
      <LineView line={line} columns={columns - 4} />
    </Box>
  );
}
