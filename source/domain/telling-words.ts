import { searchWords } from './search-words.ts';

const leastLetters = 3;
const longest = 30;
const mostTerms = 200;

/** What is said in the place of words: addresses, mentions, entities of HTML. */
const noise = /https?:\/\/\S+|www\.\S+|\S+@\S+|@[\p{L}\p{N}_.-]+|&[a-z]+;|&#\d+;/giu;
const unspaced =
  /[\p{Script_Extensions=Han}\p{Script_Extensions=Hiragana}\p{Script_Extensions=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]{2,}/gu;
const segmenter = new Intl.Segmenter(undefined, { granularity: 'word' });

/** Words that say nothing by themselves; those of other languages do not rise against their own past either. */
const idle = new Set(
  `about above after again against all also always amp and any anyone are aren because been before being below
  between both but can cannot com could couldn did didn does doesn doing don down during each even ever every few
  for from further get gets getting going gonna got had hadn has hasn have haven having her here hers him his how
  html http https into isn its itself just know let like lol made make many may maybe more most much must myself need
  never nor not now off only onto other our ours out over own please put really said same say says see she should
  shouldn since some still such than that thats the their theirs them then there these they thing things this those
  though through till too under until upon use used using very via want was wasn way well were weren what when where
  which while who whom why will with without won would wouldn www yes yet you your yours yourself`.split(
    /\s+/,
  ),
);

/**
 * The words of a text that may tell what it is about, each once, as a search
 * for words finds them: no addresses, no mentions, no numbers, no words that
 * are in every sentence. Scripts without spaces are cut by a dictionary.
 */
export function tellingWords(text: string): ReadonlySet<string> {
  const words = new Set<string>();
  const said = text.replace(noise, ' ');
  for (const [stretch] of said.matchAll(unspaced)) {
    for (const { segment, isWordLike } of segmenter.segment(stretch)) {
      if (isWordLike && [...segment].length >= 2) words.add(segment.normalize('NFKC'));
    }
  }
  for (const word of searchWords(said.replace(unspaced, ' '))) {
    if (isTelling(word)) words.add(word);
    if (words.size >= mostTerms) break;
  }
  return words;
}

function isTelling(word: string): boolean {
  const { length } = [...word];
  return length >= leastLetters && length <= longest && !/^[\p{N}\p{M}]+$/u.test(word) && !idle.has(word);
}
