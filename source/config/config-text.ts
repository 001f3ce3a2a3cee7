import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import type { Path } from './schema-tree.ts';

export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface SyntaxMistake extends Position {
  readonly message: string;
}

/** How far a path exists in the text, and where its last existing part stands. */
export interface Trace {
  /** Every step was found, or a list on the way makes this text the owner of all that is below. */
  readonly owns: boolean;
  readonly key: Position;
  readonly value: Position;
}

/** A YAML text that remembers where everything stands. */
export interface ConfigText {
  readonly file: string;
  readonly root: unknown;
  readonly syntax: readonly SyntaxMistake[];
  trace(path: Path): Trace;
}

/** Reads YAML 1.2. Never throws: what cannot be read is in `syntax`. */
export function readConfigText(file: string, text: string): ConfigText {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const at = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const syntax: SyntaxMistake[] = document.errors.map((error) => ({
    message: error.message,
    ...at(error.pos[0]),
  }));
  let root: unknown = null;
  if (syntax.length === 0) {
    try {
      root = document.toJS({ maxAliasCount: 100 });
    } catch (error) {
      syntax.push({ message: error instanceof Error ? error.message : String(error), line: 1, column: 1 });
    }
  }

  const resolve = (node: unknown): Node | null =>
    isAlias(node) ? (node.resolve(document) ?? null) : ((node as Node | null | undefined) ?? null);

  const trace = (path: Path): Trace => {
    let node = resolve(document.contents);
    let value = at(node?.range?.[0] ?? 0);
    let key = value;
    let owns = false;
    for (const step of path) {
      if (isMap(node)) {
        const pair = node.items.find(
          (entry) => isScalar(entry.key) && String(entry.key.value) === String(step),
        );
        if (pair === undefined) return { owns, key, value };
        key = at((pair.key as Node).range?.[0] ?? 0);
        node = resolve(pair.value);
        const own = pair.value as Node | null;
        value = own?.range ? at(own.range[0]) : key;
      } else if (isSeq(node)) {
        owns = true;
        const entry = node.items[Number(step)] as Node | undefined;
        if (entry?.range === undefined || entry.range === null) return { owns, key, value };
        key = at(entry.range[0]);
        value = key;
        node = resolve(entry);
      } else return { owns: node !== null, key, value };
    }
    return { owns: true, key, value };
  };
  return { file, root, syntax, trace };
}
