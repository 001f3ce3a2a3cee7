import type { App } from '../model/app.ts';
import type { PaletteEntry, PaletteState } from '../model/palette.ts';
import { cell, type Line, rule, selected, span } from '../text/spans.ts';
import { wrapWords } from '../text/wrap-text.ts';
import { LinesView } from './lines-view.tsx';
import { promptLine } from './prompt-line.ts';
import { useObserved } from './use-observed.ts';

interface PaletteProps {
  readonly app: App;
  /** Facts below the keys: the version, where things are kept. */
  readonly about: readonly string[];
  readonly columns: number;
  readonly rows: number;
}

/** Everything that can be done here, to be looked up and to be done. */
export function PaletteView({ app, about, columns, rows }: PaletteProps) {
  const state = useObserved(app.palette);
  const { lines, at } = paletteLines(state, about, columns);
  const head = promptLine(state.prompt, columns, state.mode === 'help' ? ' find a key: ' : ' : ');
  const room = rows - 1;
  // The selected line stays in sight, with its heading above it at the top of the list.
  const top = at < room - 1 ? 0 : Math.min(lines.length - room, at - Math.floor(room / 2));
  return <LinesView lines={[head, ...lines.slice(Math.max(0, top))]} columns={columns} rows={rows} />;
}

/** The lines of the list, and which of them is selected. */
export function paletteLines(
  { shown, index, prompt, mode }: Pick<PaletteState, 'shown' | 'index' | 'prompt' | 'mode'>,
  about: readonly string[],
  columns: number,
): { readonly lines: readonly Line[]; readonly at: number } {
  const lines: Line[] = [];
  let at = 0;
  let section = '';
  const sorted = prompt.characters.length === 0;
  for (const [position, entry] of shown.entries()) {
    if (sorted && entry.section !== section) {
      section = entry.section;
      lines.push(rule(section, columns));
    }
    if (position === index) at = lines.length;
    lines.push(...entryLines(entry, columns, position === index));
  }
  if (shown.length === 0) lines.push([], [span('  Nothing here is called that; Esc clears what was typed.')]);
  if (mode === 'help' && sorted) lines.push([], ...aboutLines(about, columns));
  return { lines, at };
}

function entryLines({ keys, name, help }: PaletteEntry, columns: number, isSelected: boolean): Line[] {
  const keyColumns = columns >= 60 ? 12 : 8;
  const nameColumns = columns >= 100 ? 19 : 0;
  const words = wrapWords(help, Math.max(10, columns - keyColumns - nameColumns - 5));
  return words.map((text, line): Line => {
    const pieces: Line = [
      span(isSelected && line === 0 ? '> ' : '  '),
      cell(line === 0 ? keys : '', keyColumns, 'strong'),
      ...(nameColumns > 0 ? [cell(line === 0 ? name : '', nameColumns, 'accent')] : []),
      span(text),
    ];
    return isSelected ? selected(pieces) : pieces;
  });
}

function aboutLines(about: readonly string[], columns: number): Line[] {
  const words = about.flatMap((fact) => wrapWords(fact, Math.max(10, columns - 3)));
  return [rule('about', columns), ...words.map((text): Line => [span('  '), span(text, 'quiet')])];
}
