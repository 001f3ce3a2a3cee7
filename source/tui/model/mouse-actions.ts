import { signalsLayout } from '../layout.ts';
import type { MouseEvent } from '../mouse.ts';
import type { App } from './app.ts';

const linesPerNotch = 3;
/** The header, the status line and the heading of the list. */
const rowsAboveList = 3;

/** The wheel scrolls what is on top; a click selects a row, and opens the one that is selected. */
export function followMouse(app: App, { kind, column, row }: MouseEvent): void {
  if (kind !== 'click') {
    const action = kind === 'wheel-down' ? 'move-down' : 'move-up';
    if (app.place() === 'question' || app.place() === 'prompt') return;
    for (let line = 0; line < linesPerNotch; line += 1) app.perform(action);
    return;
  }
  if (app.place() !== 'signals') return;
  const layout = signalsLayout(app.read().size);
  const line = row - rowsAboveList;
  if (line < 0 || line >= layout.listRows || column >= layout.listColumns) return;
  const { cursor, window } = app.list.read();
  const index = cursor.top + line;
  if (index >= window.rows.length) return;
  if (index === cursor.index) app.perform('open-detail');
  else void app.list.move(index - cursor.index);
}
