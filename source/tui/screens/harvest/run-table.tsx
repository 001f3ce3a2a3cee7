import { Box } from 'ink';
import type { RunProgress, SourceProgress } from '../../../domain/run.ts';
import type { SourceHealth } from '../../../harvester/harvester.ts';
import { Beat } from '../../components/beat.tsx';
import { LineView } from '../../components/line-view.tsx';
import type { ListCursor } from '../../model/list-cursor.ts';
import { type Line, span } from '../../text/spans.ts';
import { glyphOfRun, runHeading, runLayout, runLine } from './run-lines.ts';

interface TableProps {
  readonly run: RunProgress;
  /** What is known of the sources beyond the run. */
  readonly sources: readonly SourceHealth[];
  readonly working: boolean;
  readonly cursor: ListCursor;
  readonly columns: number;
  readonly rows: number;
  readonly now: number;
}

/** A row a source of a run, live or ended. */
export function RunTable({ run, sources, working, cursor, columns, rows, now }: TableProps) {
  const layout = runLayout(
    columns,
    run.sources.map(({ name }) => name),
  );
  const shown = run.sources.slice(cursor.top, cursor.top + rows);
  const health = new Map(sources.map((source) => [source.name, source]));
  return (
    <Box flexDirection="column" width={columns} height={rows + 1} flexShrink={0}>
      <LineView line={runHeading(layout)} columns={columns} />
      {shown.map((source, index) => (
        <SourceRow
          key={source.name}
          source={source}
          health={health.get(source.name)}
          line={runLine(source, health.get(source.name), layout, now)}
          busy={working && source.state === 'fetching'}
          selected={cursor.top + index === cursor.index}
          columns={columns}
        />
      ))}
    </Box>
  );
}

interface RowProps {
  readonly source: SourceProgress;
  readonly health: SourceHealth | undefined;
  readonly line: Line;
  readonly busy: boolean;
  readonly selected: boolean;
  readonly columns: number;
}

function SourceRow({ source, health, line, busy, selected, columns }: RowProps) {
  const marker = span(selected ? '> ' : '  ', selected ? 'selected' : 'plain');
  const shown = selected ? [span(line.map((piece) => piece.text).join(''), 'selected')] : line;
  if (!busy) {
    const { glyph, tone } = glyphOfRun(source, health);
    return (
      <LineView
        line={[marker, span(`${glyph} `, selected ? 'selected' : tone), ...shown]}
        columns={columns}
      />
    );
  }
  return (
    <Box>
      <LineView line={[marker]} columns={2} />
      <Beat tone={selected ? 'selected' : 'accent'} />
      <LineView line={shown} columns={columns - 4} />
    </Box>
  );
}
