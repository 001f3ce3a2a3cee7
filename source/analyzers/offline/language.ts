import type { Reading } from './reading.ts';

/** Scripts that one language, or nearly one, is written in. Order matters: kana tell Japanese from Chinese. */
const scripts: readonly (readonly [lang: string, pattern: RegExp])[] = [
  ['ja', /[\u3040-\u30ff]/g],
  ['ko', /[\uac00-\ud7af]/g],
  ['zh', /[\u4e00-\u9fff]/g],
  ['ru', /[\u0400-\u04ff]/g],
  ['ar', /[\u0600-\u06ff]/g],
  ['he', /[\u0590-\u05ff]/g],
  ['el', /[\u0370-\u03ff]/g],
  ['th', /[\u0e00-\u0e7f]/g],
  ['hi', /[\u0900-\u097f]/g],
];

/** The commonest words of the languages that have a lexicon here; words that two of them share are left out. */
const commonWords = new Map(
  Object.entries({
    en: "the and is are was of to for you your it this that with my i have has not be just on at we they what how why do does can will from been but so if when would an by or as all out up their there about into after than don't can't isn't its more now our",
    es: 'el los las una que y del con por para esta este pero muy mi lo se al como mas ya es son hay yo tengo cuando gracias sus desde alguien puedo',
    fr: 'le les des une et est dans pour pas sur vous nous je il avec qui ce cette mais plus ne du au mon ma ca suis sont depuis bonjour quand c j qu l d',
    de: 'der die das und ist nicht ein eine ich mit auf fur zu den dem sich es im wie bei auch von wird noch aber sie wir mein seit kann hat habe nach euch mich wenn schon',
    pt: 'os das uma que nao em para com por muito meu minha mas voce voces esta ja foi tem ao mais isso essa ele ela eu do da na pra quando obrigado ninguem gente',
  })
    .flatMap(([lang, list]) => list.split(' ').map((word) => [word, lang] as const))
    .reduce((byWord, [word, lang]) => {
      byWord.set(word, [...(byWord.get(word) ?? []), lang]);
      return byWord;
    }, new Map<string, string[]>()),
);

/** Below this many letters nothing is asked of the library: three words fit many languages. */
const leastLetters = 20;
const sampleLength = 400;

/**
 * The language by script or by its commonest words: `null` when they do not
 * tell. Costs microseconds, so that the library is loaded only for the rest.
 */
export function guessLanguage(reading: Reading, text: string): string | null {
  return languageOfScript(text) ?? languageOfWords(reading);
}

function languageOfScript(text: string): string | null {
  const sample = text.slice(0, sampleLength);
  if (!/[^\x00-\u036f]/.test(sample)) return null;
  const latin = sample.match(/[a-z]/gi)?.length ?? 0;
  for (const [lang, pattern] of scripts) {
    const letters = sample.match(pattern)?.length ?? 0;
    // A Chinese or Japanese character says about as much as three letters.
    if (letters > 0 && letters * (lang === 'ja' || lang === 'zh' ? 4 : 1) > latin) return lang;
  }
  return null;
}

function languageOfWords(reading: Reading): string | null {
  const counts = new Map<string, number>();
  for (const word of reading.words.slice(0, 80)) {
    const langs = commonWords.get(word);
    if (langs === undefined) continue;
    for (const lang of langs) counts.set(lang, (counts.get(lang) ?? 0) + 1 / langs.length);
  }
  const [first, second] = [...counts].sort((a, b) => b[1] - a[1]);
  if (first === undefined) return null;
  const [lang, count] = first;
  const rival = second?.[1] ?? 0;
  return count >= 2 && count >= rival * 2 ? lang : null;
}

/** True when a text is long enough for the library to be believed. */
export function isDetectable(reading: Reading): boolean {
  let letters = 0;
  for (const word of reading.words) {
    if (!word.startsWith('@')) letters += word.length;
    if (letters >= leastLetters) return reading.words.length >= 4;
  }
  return false;
}

export type DetectLanguage = (text: string) => string | null;

let detector: Promise<DetectLanguage> | null = null;

/** Loads the detection library, once. Call it only when a text needs it. */
export function loadDetector(): Promise<DetectLanguage> {
  detector ??= load();
  return detector;
}

async function load(): Promise<DetectLanguage> {
  const { eld } = await import('eld/extrasmall');
  return (text) => {
    const result = eld.detect(text.slice(0, sampleLength));
    return result.language !== '' && result.isReliable() ? result.language : null;
  };
}
