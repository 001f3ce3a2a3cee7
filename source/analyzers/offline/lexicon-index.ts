import type { CategoryId } from '../../domain/taxonomy.ts';
import { english } from './lexicon/english.ts';
import { french } from './lexicon/french.ts';
import { german } from './lexicon/german.ts';
import { international } from './lexicon/international.ts';
import { japanese } from './lexicon/japanese.ts';
import type { Lexicon, Weighted } from './lexicon/lexicon.ts';
import { portuguese } from './lexicon/portuguese.ts';
import { spanish } from './lexicon/spanish.ts';
import { PhraseIndex } from './phrase-index.ts';
import { compilePhrase, type Phrase, type WordClasses } from './phrases.ts';
import { foldWord, type Reading } from './reading.ts';

export interface CategoryPhrase {
  readonly phrase: Phrase;
  readonly category: CategoryId;
  readonly weight: number;
  /** It contains a negation itself ("not working"): one before it does not turn it. */
  readonly negative: boolean;
}

export interface WeightedPhrase {
  readonly phrase: Phrase;
  readonly weight: number;
}

/** A phrase found in a reading: words `start` to before `end`. */
export interface Finding extends Omit<CategoryPhrase, 'phrase'> {
  readonly start: number;
  readonly end: number;
}

export interface CompiledLexicon {
  readonly lang: string;
  readonly phrases: PhraseIndex<CategoryPhrase>;
  readonly ignored: PhraseIndex<WeightedPhrase>;
  readonly urgency: PhraseIndex<WeightedPhrase>;
  readonly resolved: PhraseIndex<WeightedPhrase>;
  readonly polarity: PhraseIndex<WeightedPhrase> | null;
  readonly negators: ReadonlySet<string>;
  readonly relievers: ReadonlySet<string>;
  readonly conditionals: ReadonlySet<string>;
  readonly persons: ReadonlySet<string>;
}

const lexicons = new Map(
  [english, spanish, french, german, portuguese, japanese, international].map((lexicon) => [
    lexicon.lang,
    lexicon,
  ]),
);
const compiled = new Map<string, CompiledLexicon>();

/** Languages with words of their own here; the others are read by international terms alone. */
export function hasLexicon(lang: string): boolean {
  return lexicons.has(lang);
}

/**
 * The lexicon that reads a language, compiled when first asked for. A text of
 * unknown language is read as English: product words are English everywhere.
 */
export function lexiconFor(lang: string | null): CompiledLexicon {
  const key = lang === null ? 'en' : lexicons.has(lang) ? lang : international.lang;
  const known = compiled.get(key);
  if (known !== undefined) return known;
  const lexicon = compileLexicon(lexicons.get(key) ?? international);
  compiled.set(key, lexicon);
  return lexicon;
}

function compileLexicon(lexicon: Lexicon): CompiledLexicon {
  const negators = new Set(words(lexicon.negators));
  const own = categoryPhrases(lexicon, negators);
  const shared =
    lexicon === english || lexicon === international ? [] : categoryPhrases(international, negators);
  return {
    lang: lexicon.lang,
    phrases: new PhraseIndex([...own, ...shared]),
    ignored: new PhraseIndex(weighted({ 1: lexicon.ignore }, lexicon.classes)),
    urgency: new PhraseIndex(weighted(lexicon.urgency, lexicon.classes)),
    resolved: new PhraseIndex(weighted({ 1: lexicon.resolved }, lexicon.classes)),
    polarity:
      lexicon.polarity === undefined ? null : new PhraseIndex(weighted(lexicon.polarity, lexicon.classes)),
    negators,
    relievers: new Set(words(lexicon.relievers ?? '')),
    conditionals: new Set(words(lexicon.conditionals)),
    persons: new Set(words(lexicon.persons)),
  };
}

function words(list: string): string[] {
  return list
    .split('|')
    .map((word) => foldWord(word.trim()))
    .filter((word) => word !== '');
}

function categoryPhrases(lexicon: Lexicon, negators: ReadonlySet<string>): CategoryPhrase[] {
  const phrases: CategoryPhrase[] = [];
  for (const [category, groups] of Object.entries(lexicon.categories)) {
    for (const { phrase, weight } of weighted(groups, lexicon.classes, negators)) {
      phrases.push({
        phrase,
        category: category as CategoryId,
        weight,
        negative: containsNegation(phrase, negators),
      });
    }
  }
  return phrases;
}

function containsNegation(phrase: Phrase, negators: ReadonlySet<string>): boolean {
  return phrase.elements.some((element) => [...element.words].some((word) => negators.has(word)));
}

function weighted(groups: Weighted, classes: WordClasses, barriers?: ReadonlySet<string>): WeightedPhrase[] {
  return Object.entries(groups).flatMap(([weight, list]) =>
    list
      .split(';')
      .filter((source) => source.trim() !== '')
      .map((source) => ({ phrase: compilePhrase(source, classes, barriers), weight: Number(weight) })),
  );
}

/** Every place where one of `phrases` stands, without those that an ignored phrase makes void. */
export function findAll(
  reading: Reading,
  phrases: PhraseIndex<CategoryPhrase>,
  ignored: PhraseIndex<WeightedPhrase>,
): Finding[] {
  const masks = new Int32Array(reading.words.length).fill(-1);
  ignored.forEachMatch(reading, (_, start, end) => {
    for (let at = start; at < end; at += 1) masks[at] = Math.max(masks[at] ?? -1, end - start);
  });
  const findings: Finding[] = [];
  phrases.forEachMatch(reading, ({ category, weight, negative }, start, end) => {
    if (!isMasked(masks, start, end)) findings.push({ category, weight, negative, start, end });
  });
  return findings;
}

/** A phrase is void when an ignored phrase at least as long covers one of its ends. */
function isMasked(masks: Int32Array, start: number, end: number): boolean {
  const length = end - start;
  return (masks[start] ?? -1) >= length || (masks[end - 1] ?? -1) >= length;
}

export interface WeightedFinding extends WeightedPhrase {
  readonly start: number;
  readonly end: number;
}

export function findWeighted(reading: Reading, phrases: PhraseIndex<WeightedPhrase>): WeightedFinding[] {
  const found: WeightedFinding[] = [];
  phrases.forEachMatch(reading, ({ phrase, weight }, start, end) => {
    found.push({ phrase, weight, start, end });
  });
  return found;
}
