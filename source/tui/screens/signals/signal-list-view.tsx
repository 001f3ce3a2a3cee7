import { Box } from 'ink';
import type { SourceHealth } from '../../../harvester/harvester.ts';
import { LineView } from '../../components/line-view.tsx';
import { LinesView } from '../../components/lines-view.tsx';
import { EmptyNotice, ErrorNotice, LoadingNotice } from '../../components/notice.tsx';
import { useNow } from '../../components/use-now.ts';
import { useObserved } from '../../components/use-observed.ts';
import type { App } from '../../model/app.ts';
import type { MarksState } from '../../model/marks.ts';
import { describeOrder } from '../../model/signal-filter.ts';
import type { SignalListState } from '../../model/signal-list.ts';
import { cutText } from '../../text/fit-text.ts';
import { formatCount } from '../../text/format.ts';
import { type Line, span, spread } from '../../text/spans.ts';
import {
  headingLine,
  markedLine,
  type RowLayout,
  rowLayout,
  rowLineOnce,
  selectedLine,
} from './row-lines.ts';

interface ListProps {
  readonly app: App;
  readonly columns: number;
  /** Rows of signals below the two lines of heading. */
  readonly rows: number;
}

export function SignalListView({ app, columns, rows }: ListProps) {
  const state = useObserved(app.list);
  const { sources } = useObserved(app.harvest);
  const marks = useObserved(app.marks);
  const layout = rowLayout(columns, longestName(sources));
  return (
    <Box flexDirection="column" width={columns} height={rows + 2} flexShrink={0}>
      <LineView
        line={statusLine(state, marked(marks, app.list.markedIds().length), columns)}
        columns={columns}
      />
      <LineView line={headingLine(layout)} columns={columns} />
      <ListBody app={app} layout={layout} columns={columns} rows={rows} />
    </Box>
  );
}

function ListBody({ app, layout, columns, rows }: ListProps & { readonly layout: RowLayout }) {
  const state = useObserved(app.list);
  const { window, cursor, filter, phase, error } = state;
  const { phase: harvest } = useObserved(app.harvest);
  const marks = useObserved(app.marks);
  const now = useNow(app.now);
  if (phase === 'failed' && error !== null) {
    return (
      <ErrorNotice
        what="the signals could not be read"
        error={error}
        advice="Press R to try again."
        columns={columns}
        rows={rows}
      />
    );
  }
  if (window.rows.length === 0) {
    if (phase === 'loading' || phase === 'idle')
      return <LoadingNotice what="reading signals" columns={columns} rows={rows} />;
    return <EmptyNotice {...emptyWords(state, harvest === 'running')} columns={columns} rows={rows} />;
  }
  const all = marks.all !== null;
  const ids = new Set(app.list.markedIds());
  const lines = window.rows.slice(cursor.top, cursor.top + rows).map((row, index): Line => {
    const plain = rowLineOnce(row, layout, filter, now);
    const line = all || ids.has(row.id) ? markedLine(plain) : plain;
    return cursor.top + index === cursor.index ? selectedLine(line) : line;
  });
  return <LinesView lines={lines} columns={columns} rows={rows} />;
}

function longestName(sources: readonly SourceHealth[] | null): number {
  return (sources ?? []).reduce((longest, { name }) => Math.max(longest, name.length), 0);
}

/** How many signals the next decision is about, in words; empty when none is marked. */
function marked({ all, anchor }: MarksState, many: number): string {
  if (all !== null) return `all ${formatCount(all.count.count)}${all.count.capped ? '+' : ''} marked`;
  if (many === 0) return '';
  return anchor === null ? `${formatCount(many)} marked` : `${formatCount(many)} marked, range open`;
}

function statusLine(
  { filter, order, search, view, count, fresh, window, cursor, error }: SignalListState,
  marks: string,
  columns: number,
): Line {
  const total = count === null ? '~' : `${formatCount(count.count)}${count.capped ? '+' : ''}`;
  const above = window.rows.length === 0 || window.moreBefore ? '' : `${formatCount(cursor.index + 1)} of `;
  const left: Line = [
    ...(view === null || search === '' ? [span(` ${filter}`, 'strong')] : [span(` ${view}`, 'strong')]),
    ...(search === '' || view !== null
      ? []
      : [span('  / ', 'accent'), span(cutText(search, Math.max(12, columns - 48)))]),
    span(`  ${above}${total} ${describeOrder(order)}`, 'quiet'),
    ...(marks === '' ? [] : [span(`  * ${marks}`, 'accent')]),
  ];
  const right: Line =
    error !== null
      ? [span('✕ the rest could not be read, R tries again ', 'bad')]
      : fresh > 0
        ? [
            span(
              columns >= 60 ? `↑ ${formatCount(fresh)} new, R to refresh ` : `↑ ${formatCount(fresh)} new `,
              'accent',
            ),
          ]
        : [];
  return spread(left, right, columns);
}

function emptyWords(
  { filter, search }: Pick<SignalListState, 'filter' | 'search'>,
  running: boolean,
): { title: string; advice: string } {
  if (search !== '')
    return {
      title: `Nothing is found by ${search}`,
      advice:
        filter === 'all'
          ? 'Press / to change the search, or Esc to leave it.'
          : `Only what is ${filter} was looked through: press f for the next filter, / to change the search, or Esc to leave it.`,
    };
  if (running)
    return {
      title: 'Nothing here yet.',
      advice: 'A harvest is running: the first signals appear by themselves.',
    };
  if (filter === 'inbox') {
    return {
      title: 'The inbox is empty.',
      advice: 'Press 1 and then h to harvest, or f to see what was decided before.',
    };
  }
  if (filter === 'all')
    return { title: 'There are no signals yet.', advice: 'Press 1 and then h to harvest.' };
  return { title: `No signal is ${filter}.`, advice: 'Press f for the next filter.' };
}
