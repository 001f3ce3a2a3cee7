import type { PreviewRow, ScoringPreview } from '../harvester/scoring.ts';
import type { CommandContext } from './command.ts';
import { plural } from './plural.ts';
import { type Column, printNote, printRows, printText, visible } from './print.ts';

/** The new order beside the present one; who leaves comes behind it. */
export async function printPreview(
  context: CommandContext,
  { top, left, lookedAt, all }: ScoringPreview,
  limit: number,
): Promise<void> {
  const lookedOver = all
    ? `the whole inbox, ${plural(lookedAt, 'signal')}`
    : `the first 2,000 of the inbox and the first of each category, the newest, most urgent and most echoed: ${plural(lookedAt, 'signal')}`;
  if (top.length === 0) return printNote(context, 'The inbox holds no scored signal.');
  await printRows(context, columns(), top);
  if (left.length > 0) {
    if (context.isTerminal) await printText(context, `\nNo longer among the first ${limit}:`);
    await printRows(context, columns(), left);
  }
  const moved = top.filter(({ place, placeBefore }) => place !== placeBefore).length;
  await printNote(
    context,
    `${moved} of ${top.length} would move. Looked at ${lookedOver}. Nothing was written.`,
  );
}

/** `▲3`, `▼12`, `▲ new` from beyond what was counted, `=`. */
export function describeMove({ place, placeBefore }: Pick<PreviewRow, 'place' | 'placeBefore'>): string {
  if (placeBefore === null) return '▲ new';
  if (place === placeBefore) return '=';
  return place < placeBefore ? `▲${placeBefore - place}` : `▼${place - placeBefore}`;
}

function columns(): readonly Column<PreviewRow>[] {
  return [
    {
      title: 'WAS',
      align: 'right',
      text: ({ placeBefore }) => (placeBefore === null ? '–' : String(placeBefore)),
    },
    { title: 'PLACE', align: 'right', text: ({ place }) => String(place) },
    { title: 'MOVE', text: describeMove },
    { title: 'SCORE WAS', align: 'right', text: ({ salienceBefore }) => salienceBefore.toFixed(1) },
    { title: 'SCORE', align: 'right', text: ({ salience }) => salience.toFixed(1) },
    { title: 'ID', align: 'right', text: ({ signalId }) => String(signalId) },
    { title: 'CATEGORY', text: ({ category }) => category },
    { title: 'SIGNAL', flexible: true, text: ({ title, text }) => visible(title ?? text) },
  ];
}
