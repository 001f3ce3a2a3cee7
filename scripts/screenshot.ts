/**
 * Draws the screenshots of the README from the real program: runs it in a
 * pseudo-terminal, types keys, and writes what the terminal shows as SVG.
 *
 * Usage: node scripts/build.mjs && node scripts/screenshot.ts
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pty from '@lydell/node-pty';
import unicode11 from '@xterm/addon-unicode11';
import xterm, { type IBufferCell } from '@xterm/headless';

interface Shot {
  readonly name: string;
  /** For readers who do not see the picture. */
  readonly title: string;
  readonly columns: number;
  readonly rows: number;
  /** Each is typed once the text before it stands on the screen. */
  readonly steps: readonly (readonly [waitFor: string, keys: string])[];
}

const shots: readonly Shot[] = [
  {
    name: 'signals',
    title: 'The ranked list of signals, and beside it one signal with its score explained factor by factor',
    columns: 120,
    rows: 34,
    steps: [
      ['2 to read them', '2'],
      ['inbox', '  jj'],
      ['2 marked', ''],
    ],
  },
  {
    name: 'harvest',
    title: 'A finished harvest: a row for the source, a bar for each stage',
    columns: 80,
    rows: 24,
    steps: [['2 to read them', '']],
  },
];

const program = fileURLToPath(new URL('../bin/signal-harvester.js', import.meta.url));
const folder = fileURLToPath(new URL('../docs/images/', import.meta.url));
const settleMs = 800;
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
const cell = { width: 8.4, height: 18, font: 14 };

mkdirSync(folder, { recursive: true });
for (const shot of shots) writeFileSync(join(folder, `${shot.name}.svg`), await draw(shot));

async function draw({ title, columns, rows, steps }: Shot): Promise<string> {
  const home = mkdtempSync(join(tmpdir(), 'signal-harvester-shot-'));
  const terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
  terminal.loadAddon(new unicode11.Unicode11Addon());
  terminal.unicode.activeVersion = '11';
  const { CI: _, NO_COLOR: __, ...environment } = process.env;
  const child = pty.spawn(process.execPath, [program, '--demo'], {
    name: 'xterm-256color',
    cols: columns,
    rows,
    cwd: home,
    env: { ...environment, TERM: 'xterm-256color', HOME: home, XDG_CONFIG_HOME: home, XDG_DATA_HOME: home },
  });
  child.onData((text) => terminal.write(text));
  try {
    for (const [waitFor, keys] of steps) {
      await waitForText(terminal, waitFor);
      child.write(keys);
      await pause(settleMs);
    }
    return toSvg(terminal, { title, columns, rows });
  } finally {
    child.kill();
    rmSync(home, { recursive: true, force: true });
  }
}

async function waitForText(terminal: xterm.Terminal, text: string): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    const { active } = terminal.buffer;
    for (let row = 0; row < terminal.rows; row += 1) {
      if (active.getLine(row)?.translateToString().includes(text)) return;
    }
    await pause(50);
  }
  throw new Error(`the screen never showed "${text}"`);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

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

function toSvg(
  terminal: xterm.Terminal,
  { title, columns, rows }: Pick<Shot, 'title' | 'columns' | 'rows'>,
): string {
  const width = columns * cell.width + 24;
  const height = rows * cell.height + 24;
  const lines: string[] = [];
  for (let row = 0; row < rows; row += 1) {
    for (const run of runsOf(terminal, row, columns)) lines.push(drawRun(run, row));
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="${cell.font}">
<title>${title}</title>
<rect width="${width}" height="${height}" rx="8" fill="#1e222a"/>
${lines.join('\n')}
</svg>
`;
}

function runsOf(terminal: xterm.Terminal, row: number, columns: number): Run[] {
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

function drawRun({ column, width, text, style }: Run, row: number): string {
  const x = 12 + column * cell.width;
  const y = 12 + row * cell.height;
  const box =
    style.background === null
      ? ''
      : `<rect x="${x}" y="${y}" width="${width * cell.width}" height="${cell.height}" fill="${style.background}"/>`;
  const weight = style.bold ? ' font-weight="bold"' : '';
  const opacity = style.dim ? ' opacity="0.6"' : '';
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return `${box}<text x="${x}" y="${y + 13}" fill="${style.colour}" textLength="${width * cell.width}" lengthAdjust="spacingAndGlyphs" xml:space="preserve"${weight}${opacity}>${escaped}</text>`;
}
