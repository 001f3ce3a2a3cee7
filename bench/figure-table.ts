import { type Figure, isMet, ratioOf, sayAim, sayFloor, sayRatio, sayValue } from './figure.ts';

/** A row of the table: a figure, or words where there is none. */
export interface Row {
  readonly bench: string;
  readonly figure: Figure | { readonly what: string; readonly missing: string };
}

/** When and on what the rows of a table, or of some benches of it, were measured. */
export interface Measurement {
  readonly at: Date;
  readonly cores: number;
  /** "v24.21.0" */
  readonly node: string;
  /** Average of the last minute before the first bench. */
  readonly load: number;
  /** Names of benches that were measured alone; empty for all. */
  readonly only: readonly string[];
}

export const begin = '<!-- figures: made by npm run bench -- --data DIR --write -->';
export const end = '<!-- /figures -->';

const heading =
  '| what | figure | floor of the same run | ratio | aim | met | bench |\n|---|---|---|---|---|---|---|';
/** From here on other programs have taken so much that times say little. */
const quietLoad = 1;

export function figureTable(rows: readonly Row[], measurement: Measurement): string {
  return [heading, ...rows.map(tableRow), '', remark(measurement)].join('\n');
}

function tableRow({ bench, figure }: Row): string {
  const name = `\`${bench}\``;
  if ('missing' in figure) return rowOf([figure.what, figure.missing, '', '', '', '', name]);
  const ratio = ratioOf(figure);
  const met = isMet(figure);
  return rowOf([
    figure.what,
    sayValue(figure),
    figure.floor === undefined ? '' : `${figure.floor.what}: ${sayFloor(figure)}`,
    ratio === null ? '' : sayRatio(ratio),
    sayAim(figure),
    met === null ? '' : met ? 'yes' : '**no**',
    name,
  ]);
}

function rowOf(cells: readonly string[]): string {
  // A search such as "a | b" must not open a cell.
  return `| ${cells.map((cell) => cell.replaceAll(/\\?\|/g, '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
}

function remark({ at, cores, node, load, only }: Measurement): string {
  const which = only.length === 0 ? 'All' : only.map((name) => `\`${name}\``).join(', ');
  const busy =
    load > quietLoad
      ? ' **The machine had other work: times are worse than on a quiet one, ratios less so.**'
      : '';
  return `${which}: ${at.toISOString().slice(0, 10)}, ${cores} cores, Node ${node.replace(/^v/, '')}, load average ${load.toFixed(1)} before the first.${busy}`;
}

/**
 * The page with its table replaced; with `only`, the rows of these benches
 * alone. Throws when the page has no place for a table.
 */
export function withFigureTable(page: string, rows: readonly Row[], measurement: Measurement): string {
  const from = page.indexOf(begin);
  const to = page.indexOf(end);
  if (from < 0 || to < from) throw new Error(`the page has no "${begin}" … "${end}"`);
  const former = page.slice(from + begin.length, to).trim();
  const table =
    measurement.only.length === 0 ? figureTable(rows, measurement) : merge(former, rows, measurement);
  return `${page.slice(0, from)}${begin}\n${table}\n${page.slice(to)}`;
}

function merge(former: string, rows: readonly Row[], measurement: Measurement): string {
  const { only } = measurement;
  const lines = former.split('\n');
  const isRow = (line: string) => line.startsWith('|') && !heading.includes(line);
  const benchOf = (line: string) => /\| `([^`]+)` \|$/.exec(line)?.[1] ?? '';
  const replaced = new Set<string>();
  const rowsOf = (name: string) => rows.filter(({ bench }) => bench === name).map(tableRow);
  const kept = lines.filter(isRow).flatMap((line) => {
    const name = benchOf(line);
    if (!only.includes(name)) return [line];
    if (replaced.has(name)) return [];
    replaced.add(name);
    return rowsOf(name);
  });
  const added = only.filter((name) => !replaced.has(name)).flatMap(rowsOf);
  const said = lines.filter((line) => line !== '' && !line.startsWith('|'));
  const still = said.filter((line) => !only.some((name) => line.startsWith(`\`${name}\`:`)));
  // A remark a bench, so that measuring one of them again takes only its own away; a hard break keeps them apart.
  const remarks = [...still, ...only.map((name) => remark({ ...measurement, only: [name] }))];
  return [
    heading,
    ...kept,
    ...added,
    '',
    remarks.map((line) => line.replace(/ *\\$/, '')).join(' \\\n'),
  ].join('\n');
}
