/**
 * Draws the recording of the README from the real program: types keys into it
 * in a pseudo-terminal and writes an SVG that plays by CSS alone, as GitHub
 * shows pictures. Whoever prefers less motion sees one still screen.
 *
 * Usage: node scripts/build.mjs && node scripts/recording.ts
 */
import { writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { openSession } from './terminal-session.ts';
import { cell, drawRows, escapeXml, fontFamily, margin } from './terminal-svg.ts';

interface Step {
  readonly keys: string;
  /** What stands below the screen while it is shown. */
  readonly caption: string;
  /** On the screen once the keys have had their effect. */
  readonly until: string;
  readonly seconds: number;
}

interface Frame {
  readonly rows: readonly string[];
  readonly caption: string;
  readonly seconds: number;
}

const columns = 100;
const rows = 28;
const title =
  'A harvest ends, the list of signals opens; one is dismissed and taken back, the list is searched, and a signal is read with its score explained';
const down: Step = { keys: 'j', caption: 'j: the next', until: 'by score', seconds: 0.5 };

const steps: readonly Step[] = [
  { keys: '2', caption: '2: the signals, most pressing first', until: '1 of ', seconds: 2.5 },
  down,
  down,
  { ...down, seconds: 1 },
  { keys: 'd', caption: 'd: dismiss it, and on to the next', until: ' dismissed: ', seconds: 2 },
  { keys: 'u', caption: 'u: take that back', until: 'undone: ', seconds: 2 },
  { keys: '/', caption: '/: search while you type', until: '/', seconds: 0.8 },
  ...[...'category:bug sync'].map((letter) => ({
    keys: letter,
    caption: '/: search while you type',
    until: '',
    seconds: 0.09,
  })),
  { keys: '', caption: '/: search while you type', until: '', seconds: 1.2 },
  { keys: '\r', caption: 'Enter: keep what was found', until: '1 of ', seconds: 1.6 },
  { keys: '\r', caption: 'Enter: the whole signal, with its score explained', until: 'base', seconds: 4 },
];

const settleMs = 500;
const file = new URL('../docs/images/recording.svg', import.meta.url);

await using session = openSession(columns, rows);
await session.until('2 to read them');
await pause(settleMs);
const frames: Frame[] = [{ rows: drawRows(session), caption: 'start: what was harvested', seconds: 2.5 }];
for (const { keys, caption, until, seconds } of steps) {
  session.type(keys);
  await session.until(until);
  await pause(keys.length === 1 && seconds < 0.2 ? settleMs / 4 : settleMs);
  await session.lines();
  frames.push({ rows: drawRows(session), caption, seconds });
}
writeFileSync(file, play(frames));

/** Rows that several frames share are drawn once. */
function play(shown: readonly Frame[]): string {
  const width = Math.ceil(columns * cell.width + 2 * margin);
  const screen = rows * cell.height + 2 * margin;
  const height = screen + 34;
  const total = shown.reduce((sum, { seconds }) => sum + seconds, 0);
  const drawn = new Map<string, number>();
  for (const row of shown.flatMap((frame) => frame.rows)) {
    if (row !== '' && !drawn.has(row)) drawn.set(row, drawn.size);
  }
  const defs = [...drawn].map(([row, id]) => `<g id="r${id}">${row}</g>`);
  let from = 0;
  const rules: string[] = [];
  const groups = shown.map((frame, index) => {
    const to = from + frame.seconds;
    rules.push(keyframes(index, (100 * from) / total, (100 * to) / total));
    from = to;
    const uses = frame.rows.flatMap((row, place) =>
      row === '' ? [] : [`<use href="#r${drawn.get(row)}" y="${place * cell.height}"/>`],
    );
    const last = index === shown.length - 1 ? ' last' : '';
    return `<g class="f${last}" style="animation-name:f${index}">${uses.join('')}<text x="0" y="${screen + 4}" fill="#e5c07b">${escapeXml(frame.caption)}</text></g>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="${fontFamily}" font-size="${cell.font}">
<title>${escapeXml(title)}</title>
<style>
.f{visibility:hidden;animation-duration:${total.toFixed(2)}s;animation-iteration-count:infinite;animation-timing-function:step-end}
${rules.join('\n')}
@media (prefers-reduced-motion:reduce){.f{animation:none}.last{visibility:visible}}
</style>
<defs>
${defs.join('\n')}
</defs>
<rect width="${width}" height="${height}" rx="8" fill="#1e222a"/>
<path d="M${margin} ${screen - 4}h${width - 2 * margin}" stroke="#3a404c"/>
<g transform="translate(${margin} ${margin})">
${groups.join('\n')}
</g>
</svg>
`;
}

function keyframes(index: number, from: number, to: number): string {
  const before = from === 0 ? '' : '0%{visibility:hidden}';
  const after = to > 99.999 ? '' : `${to.toFixed(3)}%{visibility:hidden}`;
  return `@keyframes f${index}{${before}${from.toFixed(3)}%{visibility:visible}${after}}`;
}
