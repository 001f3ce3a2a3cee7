import { useEffect } from 'react';
import { LinesView } from '../../components/lines-view.tsx';
import { useObserved } from '../../components/use-observed.ts';
import { bodyRows } from '../../layout.ts';
import type { App } from '../../model/app.ts';
import type { FeedbackState } from '../../model/feedback-desk.ts';
import { type Line, rule, span } from '../../text/spans.ts';
import { wrapText } from '../../text/wrap-text.ts';

/** What would be added to feedback, whole and scrollable, before anybody says yes. */
export function DiagnosticsView({ app }: { readonly app: App }) {
  const { size } = useObserved(app);
  const state = useObserved(app.feedback);
  const rows = bodyRows(size);
  const { lines, limit } = diagnosticsLines(state, size.columns, rows);
  useEffect(() => {
    app.scrollLimit.diagnostics = limit;
  }, [app, limit]);
  return <LinesView lines={lines} columns={size.columns} rows={rows} />;
}

/** The lines on screen, and how far they can be scrolled. */
export function diagnosticsLines(
  { lines, top }: Pick<FeedbackState, 'lines' | 'top'>,
  columns: number,
  rows: number,
): { readonly lines: readonly Line[]; readonly limit: number } {
  const whole = lines.flatMap((line) => {
    const indent = /^ */.exec(line)?.[0] ?? '';
    return wrapText(line.trimStart(), Math.max(8, columns - 2 - indent.length)).map(
      (each, index) => `${indent}${index > 0 ? '  ' : ''}${each}`,
    );
  });
  const head: readonly Line[] = [
    rule('add these diagnostics to your feedback?', columns),
    [span(' This is all of it: no post, no search, no address, no path, no name.', 'quiet')],
    [],
  ];
  const room = Math.max(1, rows - head.length - 1);
  const limit = Math.max(0, whole.length - room);
  const from = Math.min(top, limit);
  const to = Math.min(whole.length, from + room);
  const place = limit === 0 ? '' : `lines ${from + 1} to ${to} of ${whole.length}; j/k scroll`;
  return {
    lines: [
      ...head,
      ...whole.slice(from, to).map((line): Line => [span(' '), span(line)]),
      ...Array.from({ length: room - (to - from) }, (): Line => []),
      [span(` ${place}`, 'quiet')],
    ],
    limit,
  };
}
