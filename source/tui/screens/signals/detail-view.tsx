import { LinesView } from '../../components/lines-view.tsx';
import { ErrorNotice } from '../../components/notice.tsx';
import { useNow } from '../../components/use-now.ts';
import { useObserved } from '../../components/use-observed.ts';
import { bodyRows } from '../../layout.ts';
import type { App } from '../../model/app.ts';
import { type Line, span } from '../../text/spans.ts';
import { detailLines } from './detail-lines.ts';

/** One signal on the whole screen, scrolled by the keys that move in the list. */
export function DetailView({ app }: { readonly app: App }) {
  const { size, detailTop } = useObserved(app);
  useObserved(app.list);
  const { id, detail, deliveries, error } = useObserved(app.detail);
  const now = useNow(app.now);
  const { row } = app.list;
  const rows = bodyRows(size);
  if (row === null) return <LinesView lines={[]} columns={size.columns} rows={rows} />;
  if (error !== null && id === row.id) {
    return (
      <ErrorNotice
        what="the signal could not be read"
        error={error}
        advice="Esc goes back to the list."
        columns={size.columns}
        rows={rows}
      />
    );
  }
  const all = detailLines(
    { row, ...(id === row.id ? { detail, deliveries } : { detail: null }) },
    size.columns - 2,
    now,
  );
  const limit = Math.max(0, all.length - rows);
  app.scrollLimit.detail = limit;
  const top = Math.min(detailTop, limit);
  const shown = all.slice(top, top + rows).map((line): Line => [span(' '), ...line]);
  if (top < limit)
    shown[rows - 1] = [span(` ↓ ${all.length - top - rows + 1} more lines, j scrolls`, 'quiet')];
  return <LinesView lines={shown} columns={size.columns} rows={rows} />;
}
