import { Box } from 'ink';
import { LineView } from '../../components/line-view.tsx';
import { LinesView } from '../../components/lines-view.tsx';
import { EmptyNotice, ErrorNotice, LoadingNotice } from '../../components/notice.tsx';
import { useNow } from '../../components/use-now.ts';
import { useObserved } from '../../components/use-observed.ts';
import { bodyRows } from '../../layout.ts';
import type { App } from '../../model/app.ts';
import { dashboardFrameRows, paneGap } from '../../model/dashboard-layout.ts';
import { shortDay } from '../../model/dashboard-panes.ts';
import { columnAt } from '../../model/dashboard-time.ts';
import { fitLine, type Line, span } from '../../text/spans.ts';
import { paneLines } from './pane-lines.ts';
import { aboutLine, summaryLine } from './summary-lines.ts';

/** Screen 3: what was said in a window of time, and how triage keeps up. */
export function DashboardScreen({ app }: { readonly app: App }) {
  const { size } = useObserved(app);
  const { phase, error, insight, newestAt } = useObserved(app.dashboard);
  useNow(app.now);
  const { columns } = size;
  const rows = bodyRows(size);

  if (phase === 'failed' && error !== null) {
    const what = 'the figures could not be read';
    const advice = 'Press R to try again, / for another search, v for a view.';
    return <ErrorNotice {...{ what, error, advice, columns, rows }} />;
  }
  if (insight === null) return <LoadingNotice what="counting what was said" columns={columns} rows={rows} />;
  const heading = <LineView line={summaryLine(app.dashboard, columns)} columns={columns} />;
  if (insight.signals.total + insight.signals.before === 0 && phase === 'ready') {
    const newest =
      newestAt === null
        ? 'There is no signal yet: press 1, then h, to harvest.'
        : `The newest signal was written on ${shortDay(newestAt)} ${new Date(newestAt).getFullYear()}: n shows the window that ends with it, w a longer window, a search or a view may be left with v a.`;
    return (
      <Box flexDirection="column" width={columns}>
        {heading}
        <EmptyNotice
          title="Nothing was said in this window."
          advice={newest}
          columns={columns}
          rows={Math.max(1, rows - 1)}
        />
      </Box>
    );
  }
  return (
    <Box flexDirection="column" width={columns}>
      {heading}
      <LinesView lines={bodyLines(app)} columns={columns} rows={Math.max(1, rows - dashboardFrameRows)} />
      <LineView line={aboutLine(app.dashboard)} columns={columns} />
    </Box>
  );
}

/** The columns of panes side by side, line by line. */
function bodyLines({ dashboard }: App): readonly Line[] {
  const { selection } = dashboard.read();
  const columns = dashboard.columns.map(({ width, panes }) => {
    const scale = dashboard.scaleFor(width) ?? { columns: [], cells: 1 };
    const lines = panes.flatMap((placed) => {
      const here = placed.pane.id === selection.pane;
      const column = here && selection.at !== null ? columnAt(scale, selection.at) : null;
      return paneLines(placed, { width, scale, row: here ? selection.row : null, column });
    });
    return { width, lines };
  });
  const height = Math.max(0, ...columns.map(({ lines }) => lines.length));
  return Array.from({ length: height }, (_, index) =>
    columns.flatMap(({ width, lines }, place) => [
      ...(place === 0 ? [] : [span(' '.repeat(paneGap))]),
      ...fitLine(lines[index] ?? [], width),
    ]),
  );
}
