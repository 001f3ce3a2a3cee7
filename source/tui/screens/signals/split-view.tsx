import type { Post } from '../../../domain/post.ts';
import { LinesView } from '../../components/lines-view.tsx';
import { useNow } from '../../components/use-now.ts';
import { useObserved } from '../../components/use-observed.ts';
import { bodyRows } from '../../layout.ts';
import type { App } from '../../model/app.ts';
import type { SplitState } from '../../model/split-desk.ts';
import { formatAge, plural } from '../../text/format.ts';
import { cell, type Line, rule, selected, span } from '../../text/spans.ts';
import { textOf } from './row-lines.ts';

/** The echoes of a signal, to choose those that are about something else. */
export function SplitView({ app }: { readonly app: App }) {
  const { size } = useObserved(app);
  const state = useObserved(app.split);
  useObserved(app.list);
  const now = useNow(app.now);
  const { row } = app.list;
  const lines = splitLines(state, row === null ? '' : textOf(row), size.columns, app.split.height, now);
  return <LinesView lines={lines} columns={size.columns} rows={bodyRows(size)} />;
}

export function splitLines(
  { posts, chosen, cursor }: SplitState,
  lead: string,
  columns: number,
  rows: number,
  now: number,
): Line[] {
  const title =
    chosen.size === 0
      ? 'split: which echoes are about something else?'
      : `split: ${plural(chosen.size, 'post')} chosen, Enter splits them off`;
  const author = columns >= 60 ? 14 : 0;
  const lineOf = (post: Post, index: number): Line => {
    const here = index === cursor.index;
    const pieces: Line = [
      span(here ? '> ' : '  '),
      span(chosen.has(post.id) ? '[x] ' : '[ ] ', chosen.has(post.id) ? 'accent' : 'quiet'),
      cell(post.source, 12, 'quiet'),
      cell(post.author ?? '', author),
      cell(formatAge(post.createdAt, now), 4, 'quiet', 'right'),
      span(textOf(post)),
    ];
    return here ? selected(pieces) : pieces;
  };
  return [
    rule(title, columns),
    [span('  stays: ', 'quiet'), span(lead)],
    [],
    ...posts.slice(cursor.top, cursor.top + rows).map((post, index) => lineOf(post, cursor.top + index)),
  ];
}
