import type { KnownWord } from './known-word.ts';
import type { Element, Phrase } from './phrases.ts';
import type { Reading } from './reading.ts';

const numeric = /^\d/;
/** How many indexes there are: the number of the next. */
let indexes = 0;

/** Words that may stand before the beginning of a sentence: "hey @acme, how do I …" begins at "how". */
const openers = new Set(
  'hey hi hello so ok okay please and but um wow well rt hola hallo bonjour ola'.split(' '),
);

/**
 * Phrases by the word they can be recognised by, so that a text is read once
 * and each of its words meets only the few phrases that it could begin.
 */
export class PhraseIndex<T extends { readonly phrase: Phrase }> {
  private readonly number = indexes++;
  private readonly byWord = new Map<string, T[]>();
  private readonly byStem = new Map<string, T[]>();
  private readonly byMark = new Map<string, T[]>();
  private readonly stemLengths: number[] = [];

  constructor(entries: Iterable<T>) {
    for (const entry of entries) this.add(entry);
  }

  /** Visits every place where a phrase stands: words `start` to before `end`. */
  forEachMatch(reading: Reading, visit: (entry: T, start: number, end: number) => void): void {
    const { known } = reading;
    known.forEach((word, at) => {
      const candidates = word.phrases[this.number] ?? this.look(word);
      for (const entry of candidates as readonly T[]) {
        const { phrase } = entry;
        const start = at - phrase.lead;
        // Where the phrase begins with the word that it was found by, that word need not be matched again.
        const end =
          phrase.elements[0]?.kind === 'words'
            ? matchFrom(phrase, 1, reading, at + 1, reading.sentences[at] ?? 0)
            : start < 0
              ? -1
              : matchPhrase(phrase, reading, start);
        if (end > start) visit(entry, start, end);
      }
    });
  }

  /** The phrases that may be recognised by this word; the word keeps them. */
  private look(known: KnownWord): readonly T[] {
    const { word } = known;
    const found = [...(this.byWord.get(word) ?? [])];
    for (const length of this.stemLengths) {
      if (word.length >= length) found.push(...(this.byStem.get(word.slice(0, length)) ?? []));
    }
    if (numeric.test(word)) found.push(...(this.byMark.get('#') ?? []));
    else if (word.startsWith('@')) found.push(...(this.byMark.get('@') ?? []));
    known.phrases[this.number] = found.length === 0 ? none : found;
    return found;
  }

  private add(entry: T): void {
    const first = entry.phrase.elements.find((element) => element.kind === 'words');
    if (first === undefined || first.optional) {
      throw new Error(`a phrase must begin with a word: ${entry.phrase.source}`);
    }
    for (const word of first.words) push(this.byWord, word, entry);
    for (const stem of first.stems) {
      push(this.byStem, stem, entry);
      if (!this.stemLengths.includes(stem.length)) this.stemLengths.push(stem.length);
    }
    if (first.any !== null) push(this.byMark, first.any, entry);
  }
}

const none: readonly never[] = [];

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

/**
 * Where `phrase` ends when it begins at word `start`, -1 when it does not.
 * The shortest reading of a gap wins; a phrase never leaves its sentence. The
 * work is bounded by the phrase, not by the text.
 */
export function matchPhrase(phrase: Phrase, reading: Reading, start: number): number {
  return matchFrom(phrase, 0, reading, start, reading.sentences[start] ?? 0);
}

function matchFrom(phrase: Phrase, index: number, reading: Reading, at: number, sentence: number): number {
  const element = phrase.elements[index];
  if (element === undefined) return at;
  const isInside = reading.sentences[at] === sentence;
  let next = at;
  switch (element.kind) {
    case 'start':
      if (!isInside || !beginsSentence(reading, at, sentence)) return -1;
      break;
    case 'end':
      if (isInside && reading.clauses[at] === reading.clauses[at - 1]) return -1;
      break;
    case 'asked':
      if (reading.asked[sentence] !== true) return -1;
      break;
    case 'any':
      if (!isInside) return -1;
      next = at + 1;
      break;
    case 'gap':
      return matchGap(phrase, index, reading, at, sentence);
    case 'words': {
      const isHere = isInside && matchesWord(element, reading.words[at] ?? '');
      const end = isHere ? matchFrom(phrase, index + 1, reading, at + 1, sentence) : -1;
      if (end >= 0 || !element.optional) return end;
    }
  }
  return matchFrom(phrase, index + 1, reading, next, sentence);
}

function matchGap(phrase: Phrase, index: number, reading: Reading, at: number, sentence: number): number {
  const span = phrase.elements[index]?.span ?? 0;
  for (let skipped = 0; skipped <= span; skipped += 1) {
    const passed = at + skipped - 1;
    if (
      skipped > 0 &&
      (reading.sentences[passed] !== sentence || phrase.barriers.has(reading.words[passed] ?? ''))
    ) {
      return -1;
    }
    const end = matchFrom(phrase, index + 1, reading, at + skipped, sentence);
    if (end >= 0) return end;
  }
  return -1;
}

function beginsSentence(reading: Reading, at: number, sentence: number): boolean {
  for (let before = at - 1; before >= 0 && reading.sentences[before] === sentence; before -= 1) {
    const word = reading.words[before] ?? '';
    if (!word.startsWith('@') && !openers.has(word)) return false;
  }
  return true;
}

function matchesWord(element: Element, word: string): boolean {
  if (element.words.has(word)) return true;
  if (element.any === '#' && numeric.test(word)) return true;
  if (element.any === '@' && word.startsWith('@')) return true;
  for (const stem of element.stems) if (word.startsWith(stem)) return true;
  return false;
}
