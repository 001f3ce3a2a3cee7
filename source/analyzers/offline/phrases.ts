import { foldWord } from './reading.ts';

/**
 * A small language for phrases, matched word by word in linear time:
 *
 * - `a|b` one of several words, `stem*` any word that begins so, `$name` a word class;
 * - `word?` may be left out, `_` up to two words, `__` up to four;
 * - `#` a number, `@` a mention, `^` begins a sentence, `.` ends a clause;
 * - `*` any one word, `?` alone: the sentence is a question;
 * - characters of Chinese and Japanese count as words.
 */
export interface Phrase {
  readonly source: string;
  readonly elements: readonly Element[];
  /** Words before the first one that is named: how far back from it the phrase begins. */
  readonly lead: number;
  /** Words that a gap does not skip: "I'm not leaving" is not "I'm … leaving". */
  readonly barriers: ReadonlySet<string>;
}

export interface Element {
  readonly kind: 'words' | 'any' | 'gap' | 'start' | 'end' | 'asked';
  readonly words: ReadonlySet<string>;
  readonly stems: readonly string[];
  readonly any: '#' | '@' | null;
  readonly optional: boolean;
  readonly span: number;
}

export type WordClasses = Readonly<Record<string, string>>;

const none: ReadonlySet<string> = new Set();
const cjk = /[\u3005\u3040-\u30ff\u3400-\u9fff]/;
const wellFormed = /^@?'?[\p{L}\p{M}\p{N}']+\*?$/u;

/** Compiles one phrase. Throws on an unknown class: a mistake in a lexicon is a bug. */
export function compilePhrase(
  source: string,
  classes: WordClasses = {},
  barriers: ReadonlySet<string> = none,
): Phrase {
  const elements = source
    .trim()
    .split(/\s+/)
    .flatMap((part) => (cjk.test(part) && !part.includes('|') ? [...part] : [part]))
    .map((part) => compileElement(part, classes));
  const named = elements.findIndex((element) => element.kind === 'words');
  const lead = elements.slice(0, Math.max(0, named)).filter((element) => element.kind === 'any').length;
  return { source, elements, lead, barriers };
}

function compileElement(part: string, classes: WordClasses): Element {
  const blank = { words: none, stems: [], any: null, optional: false, span: 0 } as const;
  if (part === '_') return { ...blank, kind: 'gap', span: 2 };
  if (part === '__') return { ...blank, kind: 'gap', span: 4 };
  if (part === '^') return { ...blank, kind: 'start' };
  if (part === '.') return { ...blank, kind: 'end' };
  if (part === '?') return { ...blank, kind: 'asked' };
  if (part === '*') return { ...blank, kind: 'any' };
  const optional = part.length > 1 && part.endsWith('?');
  const words = new Set<string>();
  const stems: string[] = [];
  let any: '#' | '@' | null = null;
  for (const name of expand(optional ? part.slice(0, -1) : part, classes)) {
    if (name === '#' || name === '@') any = name;
    else if (!wellFormed.test(name)) throw new Error(`not one word of a phrase: "${name}" in "${part}"`);
    else if (name.endsWith('*')) stems.push(foldWord(name.slice(0, -1)));
    else words.add(foldWord(name));
  }
  return { kind: 'words', words, stems, any, optional, span: 0 };
}

function expand(part: string, classes: WordClasses): string[] {
  return part.split('|').flatMap((name) => {
    if (!name.startsWith('$')) return [name];
    const members = classes[name.slice(1)];
    if (members === undefined) throw new Error(`unknown word class ${name}`);
    return expand(members, classes);
  });
}
