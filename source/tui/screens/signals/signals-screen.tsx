import { Box } from 'ink';
import { LineView } from '../../components/line-view.tsx';
import { LinesView } from '../../components/lines-view.tsx';
import { useNow } from '../../components/use-now.ts';
import { useObserved } from '../../components/use-observed.ts';
import { signalsLayout } from '../../layout.ts';
import type { App } from '../../model/app.ts';
import { rule, span } from '../../text/spans.ts';
import { previewLines } from './detail-lines.ts';
import { DetailView } from './detail-view.tsx';
import { SignalListView } from './signal-list-view.tsx';

/** Screen 2: the ranked list with the signal under the cursor beside or below it, or that signal alone. */
export function SignalsScreen({ app }: { readonly app: App }) {
  const { size, detailOpen } = useObserved(app);
  const layout = signalsLayout(size);
  if (detailOpen) return <DetailView app={app} />;
  const list = <SignalListView app={app} columns={layout.listColumns} rows={layout.listRows} />;
  if (layout.detailRows === 0) return list;
  const preview = <Preview app={app} columns={layout.detailColumns} rows={layout.detailRows} />;
  if (layout.beside) {
    const bar = Array.from({ length: layout.detailRows }, () => [span('│', 'quiet')]);
    return (
      <Box>
        {list}
        <LinesView lines={bar} columns={2} rows={layout.detailRows} />
        {preview}
      </Box>
    );
  }
  return (
    <Box flexDirection="column">
      {list}
      <LineView line={rule('Enter: whole signal', size.columns)} columns={size.columns} />
      {preview}
    </Box>
  );
}

function Preview({
  app,
  columns,
  rows,
}: {
  readonly app: App;
  readonly columns: number;
  readonly rows: number;
}) {
  useObserved(app.list);
  const { id, detail, deliveries } = useObserved(app.detail);
  const now = useNow(app.now);
  const { row } = app.list;
  if (row === null) return <LinesView lines={[]} columns={columns} rows={rows} />;
  const known = { row, ...(id === row.id ? { detail, deliveries } : { detail: null }) };
  return <LinesView lines={previewLines(known, columns - 1, rows, now)} columns={columns} rows={rows} />;
}
