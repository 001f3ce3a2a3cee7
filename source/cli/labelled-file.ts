import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { sentiments } from '../domain/analysis.ts';
import { nearestTo } from '../domain/nearest-word.ts';
import { categoryIds } from '../domain/taxonomy.ts';
import { UserError } from '../errors.ts';
import { type EvaluationRow, noneOfThem } from '../harvester/evaluation.ts';
import type { CommandContext } from './command.ts';
import { readLines } from './labels.ts';

/** How a file's own labels are read: "rating" is praise, "not" is none of the others. */
export type LabelMap = ReadonlyMap<string, string>;

export interface LabelledFiles {
  readonly rows: readonly EvaluationRow[];
  /** Lines that were left out, in words. */
  readonly notes: readonly string[];
}

/** Labels that sets use for "none of these". */
const usualMap: LabelMap = new Map([
  ['not', noneOfThem],
  ['none', noneOfThem],
]);

/** "LABEL=CATEGORY" as typed; a category, a sentiment, "none", or "-" to leave such rows out. */
export function parseLabelMap(typed: readonly string[]): LabelMap {
  const targets = [...categoryIds, ...sentiments, noneOfThem, '-'];
  const map = new Map(usualMap);
  for (const text of typed.flatMap((each) => each.split(','))) {
    const [label = '', target = ''] = text.split('=').map((part) => part.trim());
    if (label === '' || !targets.includes(target)) {
      const nearest = nearestTo(target, targets);
      throw new UserError('invalid-flag', `--map does not take "${text}".`, {
        fix: `Write LABEL=CATEGORY, with one of ${targets.join(', ')}${nearest === null ? '' : ` (did you mean ${nearest}?)`}.`,
      });
    }
    map.set(label.toLowerCase(), target);
  }
  return map;
}

/**
 * Reads labelled posts, one JSON object a line: "text" and either "label" or
 * "category", "sentiment", "urgency", as `labels export` writes them. A folder
 * gives its .jsonl and .ndjson files. A file is only judged where it speaks:
 * its categories are those that occur in it.
 */
export async function readLabelledFiles(
  context: Pick<CommandContext, 'cwd'>,
  paths: readonly string[],
  map: LabelMap,
): Promise<LabelledFiles> {
  const rows: EvaluationRow[] = [];
  const notes: string[] = [];
  for (const file of paths.flatMap((path) => filesOf(context.cwd, path))) {
    const read = await readFile(context, file, map);
    rows.push(...read.rows);
    notes.push(...read.notes);
  }
  return { rows, notes };
}

function filesOf(cwd: string, path: string): readonly string[] {
  if (path === '-') return [path];
  const whole = resolve(cwd, path);
  if (!existsSync(whole) || !statSync(whole).isDirectory()) return [whole];
  const files = readdirSync(whole)
    .filter((name) => /\.(?:jsonl|ndjson)$/i.test(name))
    .sort();
  if (files.length > 0) return files.map((name) => join(whole, name));
  throw new UserError('file-not-found', `${whole} has no .jsonl or .ndjson file.`, {
    fix: 'Give a folder of labelled files, or one such file.',
  });
}

type Said = Pick<EvaluationRow, 'category' | 'sentiment' | 'urgency'>;

async function readFile(
  context: Pick<CommandContext, 'cwd'>,
  file: string,
  map: LabelMap,
): Promise<LabelledFiles> {
  const rows: (Omit<EvaluationRow, 'known'> & Said)[] = [];
  const leftOut = new Map<string, number>();
  let unreadable = 0;
  for await (const line of readLines(context, file)) {
    if (line.trim() === '') continue;
    const row = parseRow(line);
    if (row === null) {
      unreadable += 1;
      continue;
    }
    const said = readSaid(row, map);
    if (said === null) continue;
    if (typeof said === 'string') leftOut.set(said, (leftOut.get(said) ?? 0) + 1);
    else rows.push({ ...said, ...textOf(row) });
  }
  const known = [...new Set(rows.map(({ category }) => category))].filter((category) => category !== null);
  const name = file.split(/[\\/]/).at(-1) ?? file;
  const notes = [...leftOut].map(
    ([label, count]) => `${name}: ${count} labelled "${label}" left out (--map ${label}=CATEGORY takes them)`,
  );
  if (unreadable > 0) notes.push(`${name}: ${unreadable} lines could not be read`);
  return { rows: rows.map((row) => ({ ...row, known: known.filter((each) => each !== noneOfThem) })), notes };
}

type Row = Readonly<Record<string, unknown>>;

function parseRow(line: string): Row | null {
  try {
    const row: unknown = JSON.parse(line);
    return typeof row === 'object' && row !== null && typeof (row as Row).text === 'string'
      ? (row as Row)
      : null;
  } catch {
    return null;
  }
}

function textOf({ text, title, lang, kind }: Row) {
  const wordOf = (value: unknown) => (typeof value === 'string' && value !== '' ? value : null);
  return { text: String(text), title: wordOf(title), lang: wordOf(lang), kind: wordOf(kind) ?? 'file' };
}

/** What a row says; null where the map leaves it out, and the label itself where nobody knows it. */
function readSaid({ label, category, sentiment, urgency }: Row, map: LabelMap): Said | string | null {
  const said = {
    category: categoryIds.find((id) => id === category) ?? null,
    sentiment: sentiments.find((each) => each === sentiment) ?? null,
    urgency: [0, 1, 2, 3, 4, 5].find((step) => step === urgency) ?? null,
  };
  if (typeof label !== 'string') {
    return said.category === null && said.sentiment === null && said.urgency === null ? '(nothing)' : said;
  }
  const target = map.get(label.toLowerCase()) ?? label;
  if (target === '-') return null;
  if (sentiments.some((each) => each === target)) return { ...said, sentiment: target };
  if (target === noneOfThem || categoryIds.some((id) => id === target)) return { ...said, category: target };
  return label;
}
