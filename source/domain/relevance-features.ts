/** What relevance is told by: the words of a signal, and where it comes from. */
export interface RelevanceSubject {
  readonly source: string;
  readonly author: string | null;
  readonly title: string | null;
  readonly text: string;
  /** The page that the post is about, or its own address. */
  readonly link: string | null;
  readonly category: string;
}

/** What a post is about stands at its beginning. */
const mostWords = 80;
const mostLetters = 40;
/** "crashing" and "crashed" share their beginning. */
const stemLetters = 5;
const wordPattern = /[\p{L}\p{N}_]+(?:['’]\p{L}+)*/gu;
const address = /https?:\/\/\S+|www\.\S+/g;
/** Words that say nothing of what a post is about; they are not counted alone. */
const emptyWords = new Set(
  'a an the and or but if of to in on at by for from with as is are was were be been am do does did has have had i you he she it we they me my your his her its our their this that these those there so not no just than then too very can will would what when who how all about out up de la el le les et en un une und der die das ist que es'.split(
    ' ',
  ),
);

/** Every feature of a subject, each once. Linear in at most the first words of its text. */
export function readRelevanceFeatures(subject: RelevanceSubject): readonly string[] {
  const { source, author, link, category } = subject;
  const features = new Set<string>();
  let before = '';
  for (const word of wordsOf(subject)) {
    if (!emptyWords.has(word)) {
      features.add(word);
      if (word.length > stemLetters) features.add(`~${word.slice(0, stemLetters)}`);
    }
    if (before !== '') features.add(`${before} ${word}`);
    before = word;
  }
  features.add(`source:${source}`);
  features.add(`category:${category}`);
  if (author !== null && author !== '') features.add(`author:${author.toLowerCase().slice(0, mostLetters)}`);
  const site = siteOf(link);
  if (site !== null) features.add(`site:${site}`);
  return [...features];
}

/** How a person would name a feature; null for what only a machine reads (beginnings of words, pairs with empty words). */
export function nameFeature(key: string): string | null {
  if (key.startsWith('~')) return null;
  const colon = key.indexOf(':');
  if (colon > 0) return `${key.slice(0, colon)} ${key.slice(colon + 1)}`;
  const words = key.split(' ');
  if (words.some((word) => emptyWords.has(word) || word.length < 2)) return null;
  return key;
}

function wordsOf({ title, text }: RelevanceSubject): readonly string[] {
  const whole = title === null || text.startsWith(title) ? text : `${title} ${text}`;
  const head = whole
    .slice(0, mostWords * 16)
    .replace(address, ' ')
    .toLowerCase();
  const words: string[] = [];
  for (const [word] of head.matchAll(wordPattern)) {
    words.push(word.slice(0, mostLetters));
    if (words.length === mostWords) break;
  }
  return words;
}

/** By hand rather than by `URL`, which costs as much as all words of a post together. */
function siteOf(link: string | null): string | null {
  const match = link === null ? null : /^https?:\/\/(?:www\.)?([^/:?#]+)/i.exec(link);
  return match?.[1]?.toLowerCase().slice(0, mostLetters) ?? null;
}
