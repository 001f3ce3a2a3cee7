import { Box } from 'ink';
import type { App } from '../model/app.ts';
import type { MenuItem, MenuState } from '../model/menu-desk.ts';
import { cell, type Line, rule, selected, span } from '../text/spans.ts';
import { LinesView } from './lines-view.tsx';
import { useObserved } from './use-observed.ts';

const keyColumns = 3;

/** A menu over the lower part of the body, as tall as it needs to be. */
export function MenuView({ app, columns, rows }: { app: App; columns: number; rows: number }) {
  const state = useObserved(app.menu);
  if (state.menu === null) return null;
  const lines = menuLines(state, columns, rows);
  const height = Math.min(rows, lines.length);
  return (
    <Box position="absolute" marginTop={rows - height} width={columns} height={height}>
      <LinesView lines={lines} columns={columns} rows={height} />
    </Box>
  );
}

/** In as few columns as leave room for all items. */
export function menuLines({ menu, index }: MenuState, columns: number, rows: number): Line[] {
  const items = menu?.items ?? [];
  const across = Math.min(
    Math.max(1, Math.floor(columns / 38)),
    Math.max(1, Math.ceil(items.length / Math.min(8, rows - 2))),
  );
  const down = Math.ceil(items.length / across);
  const width = Math.floor((columns - 1) / across);
  // Where not all fit, those around the selected one are shown.
  const room = Math.max(1, rows - 1);
  const top =
    across > 1 || down <= room ? 0 : Math.min(down - room, Math.max(0, index - Math.floor(room / 2)));
  const lines = Array.from({ length: Math.min(down, room) }, (_, line): Line => {
    const row = top + line;
    return [
      span(' '),
      ...Array.from({ length: across }, (_, column) => {
        const at = column * down + row;
        const item = items[at];
        return item === undefined ? [] : itemSpans(item, width - 1, at === index);
      }).flat(),
    ];
  });
  return [rule(menu?.title ?? '', columns), ...lines];
}

function itemSpans({ key, label, note = '' }: MenuItem, width: number, isSelected: boolean): Line {
  const words = note === '' ? label : `${label}  ${note}`;
  const pieces: Line = [
    span(isSelected ? '>' : ' '),
    cell(key, keyColumns - 1, 'strong'),
    cell(words, Math.max(1, width - keyColumns - 1)),
  ];
  return isSelected ? selected(pieces) : pieces;
}
