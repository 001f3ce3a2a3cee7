import type { IBufferCell } from '@xterm/headless';
import type { TerminalSession } from './terminal-session.ts';

const palette = [
  '#1e222a',
  '#e06c75',
  '#98c379',
  '#e5c07b',
  '#61afef',
  '#c678dd',
  '#56b6c2',
  '#c8ccd4',
  '#5c6370',
  '#ef7a84',
  '#a9d489',
  '#f0cf8e',
  '#7abdf5',
  '#d48ae6',
  '#6cc9d4',
  '#ffffff',
];
/** Of one character, in the units of the drawing. */
export const cell = { width: 8.4, height: 18, font: 14 };
export const margin = 12;
export const fontFamily = "ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace";

interface Run {
  readonly column: number;
  readonly width: number;
  readonly text: string;
  readonly style: Style;
}

interface Style {
  readonly colour: string;
  readonly background: string | null;
  readonly bold: boolean;
  readonly dim: boolean;
}

/** The rows of the screen as it is now, as SVG that stands at y 0; an empty row is an empty text. */
export function drawRows(session: TerminalSession): readonly string[] {
  return Array.from({ length: session.rows }, (_, row) => runsOf(session, row).map(drawRun).join(''));
}

/** One screen as a picture of its own. */
export function toSvg(session: TerminalSession, title: string): string {
  const width = session.columns * cell.width + 2 * margin;
  const height = session.rows * cell.height + 2 * margin;
  const rows = drawRows(session).flatMap((drawn, row) =>
    drawn === '' ? [] : [`<g transform="translate(${margin} ${margin + row * cell.height})">${drawn}</g>`],
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="${fontFamily}" font-size="${cell.font}">
<title>${title}</title>
<rect width="${width}" height="${height}" rx="8" fill="#1e222a"/>
${rows.join('\n')}
</svg>
`;
}

function runsOf({ terminal, columns }: TerminalSession, row: number): readonly Run[] {
  const runs: { column: number; width: number; text: string; style: Style; wide: boolean }[] = [];
  const line = terminal.buffer.active.getLine(row);
  for (let column = 0; column < columns; column += 1) {
    const each = line?.getCell(column);
    if (each === undefined || each.getWidth() === 0) continue;
    const style = styleOf(each);
    const last = runs.at(-1);
    const text = each.getChars() || ' ';
    // A wide character stands alone: fonts disagree on its width, and only a run of its own keeps its neighbours in place.
    const alone = each.getWidth() === 2 || last?.wide === true;
    if (last !== undefined && !alone && JSON.stringify(last.style) === JSON.stringify(style)) {
      last.text += text;
      last.width += each.getWidth();
    } else runs.push({ column, width: each.getWidth(), text, style, wide: each.getWidth() === 2 });
  }
  return runs.filter(({ text, style }) => text.trim() !== '' || style.background !== null);
}

function styleOf(each: IBufferCell): Style {
  const foreground = each.isFgDefault() ? '#c8ccd4' : colourOf(each.getFgColor(), each.isFgRGB());
  const background = each.isBgDefault() ? null : colourOf(each.getBgColor(), each.isBgRGB());
  const inverse = each.isInverse() !== 0;
  return {
    colour: inverse ? (background ?? '#1e222a') : foreground,
    background: inverse ? foreground : background,
    bold: each.isBold() !== 0,
    dim: each.isDim() !== 0,
  };
}

function colourOf(value: number, rgb: boolean): string {
  return rgb ? `#${value.toString(16).padStart(6, '0')}` : (palette[value] ?? '#c8ccd4');
}

export function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function drawRun({ column, width, text, style }: Run): string {
  const x = round(column * cell.width);
  const long = round(width * cell.width);
  const box =
    style.background === null
      ? ''
      : `<rect x="${x}" width="${long}" height="${cell.height}" fill="${style.background}"/>`;
  const weight = style.bold ? ' font-weight="bold"' : '';
  const opacity = style.dim ? ' opacity="0.6"' : '';
  return `${box}<text x="${x}" y="13" fill="${style.colour}" textLength="${long}" lengthAdjust="spacingAndGlyphs" xml:space="preserve"${weight}${opacity}>${escapeXml(text)}</text>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
