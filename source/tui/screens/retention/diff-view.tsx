import { Box } from 'ink';
import { LineView } from '../../components/line-view.tsx';
import { LinesView } from '../../components/lines-view.tsx';
import { useObserved } from '../../components/use-observed.ts';
import { bodyRows } from '../../layout.ts';
import type { App } from '../../model/app.ts';
import { type Line, rule, span } from '../../text/spans.ts';
import { diffLines } from './diff-lines.ts';

/** What differs between two snapshots, or a snapshot and now, over the whole body. */
export function DiffView({ app }: { readonly app: App }) {
  const { size } = useObserved(app);
  const { diff, diffTop } = useObserved(app.snapshots);
  if (diff === null) return null;
  const { columns } = size;
  const rows = bodyRows(size) - 1;
  const lines = diffLines(diff, columns);
  const fits = lines.length <= rows;
  const room = fits ? rows : rows - 1;
  app.scrollLimit.diff = Math.max(0, lines.length - room);
  const top = Math.min(diffTop, app.scrollLimit.diff);
  const shown: Line[] = lines.slice(top, top + room);
  const below = lines.length - top - room;
  if (!fits) shown.push([span(below > 0 ? `  … ${below} more lines, j goes on` : '  the end', 'quiet')]);
  return (
    <Box flexDirection="column" width={columns}>
      <LineView line={rule(`${diff.from} → ${diff.to}`, columns)} columns={columns} />
      <LinesView lines={shown} columns={columns} rows={rows} />
    </Box>
  );
}
