import { Box } from 'ink';
import { blankLine, type Line } from '../text/spans.ts';
import { LineView } from './line-view.tsx';

interface LinesProps {
  readonly lines: readonly Line[];
  readonly columns: number;
  /** Exactly this many rows are drawn, whatever the number of lines. */
  readonly rows: number;
}

/** A pane of lines: cut or filled up with blank ones to its height. */
export function LinesView({ lines, columns, rows }: LinesProps) {
  const shown = Array.from({ length: Math.max(0, rows) }, (_, index) => lines[index] ?? blankLine);
  return (
    <Box flexDirection="column" width={columns} height={rows} flexShrink={0}>
      {shown.map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row of the screen is its own identity
        <LineView key={index} line={line} columns={columns} />
      ))}
    </Box>
  );
}
