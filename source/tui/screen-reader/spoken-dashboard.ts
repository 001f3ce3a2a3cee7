import type { App } from '../model/app.ts';
import { describeSelected, summaryLine } from '../screens/dashboard/summary-lines.ts';

const roomy = 300;

/** Which window is shown, the pane, and what in it is selected. */
export function dashboardWords({ dashboard }: App): string {
  const { phase, error, insight, selection } = dashboard.read();
  if (phase === 'failed') {
    return `the figures could not be read: ${error?.message ?? ''} ${error?.fix ?? ''} R tries again`;
  }
  if (insight === null) return 'counting';
  const summary = summaryLine(dashboard, roomy)
    .map(({ text }) => text.trim())
    .filter((text) => text !== '')
    .join(' ');
  const pane = dashboard.panes.find(({ id }) => id === selection.pane);
  const rows = pane?.rows.length ?? 0;
  const place = rows === 0 ? '' : `${selection.row + 1} of ${rows}, `;
  return `${summary}\n${pane?.title ?? ''}, ${place}${describeSelected(dashboard)}`;
}
