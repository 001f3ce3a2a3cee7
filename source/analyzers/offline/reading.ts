import { type KnownWord, knowWord } from './known-word.ts';
import { type Token, tokensOf } from './tokens.ts';

/** A text as the offline analyzer sees it: words with their place, and the marks around them. */
export interface Reading {
  /** Folded words: lower-case, no accents, contractions split ("it's" is `it` `'s`), mentions kept with their `@`. */
  readonly words: readonly string[];
  /** What is known of these words. Same length. */
  readonly known: readonly KnownWord[];
  /** The words as written, for quoting. Same length as `words`. */
  readonly surfaces: readonly string[];
  /** Number of the clause each word stands in; negation does not reach across clauses. */
  readonly clauses: readonly number[];
  /** Number of the sentence each word stands in. */
  readonly sentences: readonly number[];
  /** True for words inside quotation marks or a quoted line. */
  readonly quoted: readonly boolean[];
  /** True for words written as hashtags. */
  readonly tagged: readonly boolean[];
  /** True at the index of each sentence that ends with a question mark. */
  readonly asked: readonly boolean[];
  /** How many of the words belong to the title. */
  readonly titleWords: number;
  /** Lower-case, without `#`, in order of appearance, no repeats. */
  readonly hashtags: readonly string[];
  readonly emoji: readonly string[];
  readonly mentions: number;
  readonly links: number;
  readonly exclamations: number;
  /** Words of three letters or more written in capitals. */
  readonly shouted: number;
  /** A fenced block of code or a stack trace was left out. */
  readonly hasCode: boolean;
  /** Words of HTML comments and of fenced code, which are not part of the text: a template tells what it asks for. */
  readonly asides: readonly string[];
}

/** Characters of a post that are looked at. A longer post says what it is about before this. */
export const readLimit = 4_000;

/** Words of comments and code that are kept; the last block may run over. */
const mostAsides = 200;

const apostrophes = /[’‘ʼ´]/g;
const invisible =
  /[\u00ad\u061c\u180e\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]|\u200d|\ufe0f/g;
const nonAscii = /[^\x00-\x7f]/;
const splitAfter = new Set(['s', 'm', 're', 've', 'd', 'll']);
/** Starts a new clause: what was negated before it is not negated after it. */
const turns = new Set(
  'but however although though because cause and pero mais aber mas weil porque'.split(' '),
);
const unspelled = new Map(
  Object.entries({
    cannot: "can't",
    cant: "can't",
    wont: "won't",
    dont: "don't",
    doesnt: "doesn't",
    didnt: "didn't",
    isnt: "isn't",
    arent: "aren't",
    wasnt: "wasn't",
    werent: "weren't",
    couldnt: "couldn't",
    wouldnt: "wouldn't",
    shouldnt: "shouldn't",
    havent: "haven't",
    hasnt: "hasn't",
    hadnt: "hadn't",
    aint: "ain't",
    plz: 'please',
    pls: 'please',
    thx: 'thanks',
    thnx: 'thanks',
    thanx: 'thanks',
    ty: 'thanks',
    thankyou: 'thanks',
    u: 'you',
    ur: 'your',
  }),
);
const unspelledPairs = new Map<string, readonly [string, string]>([
  ['im', ['i', "'m"]],
  ['ive', ['i', "'ve"]],
  ['thats', ['that', "'s"]],
  ['whats', ['what', "'s"]],
  ['youre', ['you', "'re"]],
  ['theyre', ['they', "'re"]],
]);

/** Lower-case, compatibility forms and accents folded away: "Não", "ＮＡＯ" and "nao" are one word. */
export function foldWord(word: string): string {
  const lower = word.toLowerCase();
  if (!nonAscii.test(lower)) return lower;
  return lower
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .normalize('NFC')
    .replaceAll('ß', 'ss')
    .replaceAll('ı', 'i')
    .toLowerCase();
}

/** Reads a title and a text as one. Never throws; looks at the first `readLimit` characters. */
export function readText(title: string | null, text: string): Reading {
  const reader = new Reader();
  const body = text.slice(0, readLimit + (title?.length ?? 0));
  if (title !== null) {
    reader.read(title.slice(0, readLimit));
    reader.endSentence();
    reader.titleWords = reader.words.length;
  }
  reader.read(title !== null && body.startsWith(title) ? body.slice(title.length) : body);
  return reader;
}

class Reader implements Reading {
  readonly words: string[] = [];
  readonly known: KnownWord[] = [];
  readonly surfaces: string[] = [];
  readonly clauses: number[] = [];
  readonly sentences: number[] = [];
  readonly quoted: boolean[] = [];
  readonly tagged: boolean[] = [];
  readonly asked: boolean[] = [];
  readonly hashtags: string[] = [];
  readonly emoji: string[] = [];
  titleWords = 0;
  mentions = 0;
  links = 0;
  exclamations = 0;
  shouted = 0;
  hasCode = false;
  readonly asides: string[] = [];
  private clause = 0;
  private sentence = 0;
  private insideQuote = false;

  read(raw: string): void {
    const text = this.prepare(raw);
    for (const token of tokensOf(text)) this.take(token);
  }

  endSentence(): void {
    this.sentence += 1;
    this.clause += 1;
    this.insideQuote = false;
  }

  private prepare(raw: string): string {
    const text = raw.includes('```') || raw.includes('<!--') ? this.withoutCode(raw) : raw;
    if (nonAscii.test(text)) return text.replace(invisible, '').replace(apostrophes, "'");
    return text.includes('`') ? text.replaceAll('`', ' ') : text;
  }

  /** Drops fenced blocks and HTML comments by hand: no pattern to run away on an unclosed one. */
  private withoutCode(text: string): string {
    const fenced = text.split('```');
    if (fenced.length > 2) this.hasCode = true;
    fenced.forEach((part, index) => {
      if (index % 2 === 1) this.takeAside('code', part);
    });
    const prose = fenced.filter((_, index) => index % 2 === 0).join('\n');
    return prose
      .split('<!--')
      .map((part, index) => {
        if (index === 0) return part;
        const end = part.indexOf('-->');
        this.takeAside('comment', end < 0 ? part : part.slice(0, end));
        return part.slice(end + 1);
      })
      .join(' ');
  }

  private takeAside(kind: 'code' | 'comment', text: string): void {
    if (this.asides.length >= mostAsides) return;
    for (const word of text.toLowerCase().match(/[a-z]{3,}/g) ?? []) this.asides.push(`${kind}:${word}`);
  }

  private take({ token, kind }: Token): void {
    if (kind === 'word') this.takeWord(token);
    else if (kind === 'cjk' || kind === 'number') this.push(foldWord(token), token);
    else if (kind === 'end') this.takeEnd(token);
    else if (kind === 'pause') this.clause += 1;
    else if (kind === 'hashtag') this.takeHashtag(token);
    else if (kind === 'emoji' || kind === 'smile') this.emoji.push(token);
    else if (kind === 'link') this.links += 1;
    else if (kind === 'quote') this.insideQuote = !this.insideQuote;
    else if (kind === 'mention') {
      this.mentions += 1;
      this.push(foldWord(token), token);
    }
  }

  private takeEnd(token: string): void {
    if (/[?？؟]/.test(token) && this.words.length > 0) this.asked[this.sentence] = true;
    if (token.includes('!') || token.includes('！')) this.exclamations += 1;
    this.endSentence();
  }

  private takeHashtag(token: string): void {
    const tag = foldWord(token.slice(1));
    if (!this.hashtags.includes(tag)) this.hashtags.push(tag);
    this.push(tag, token.slice(1), true);
  }

  private takeWord(token: string): void {
    if (token.length >= 3 && token === token.toUpperCase() && token !== token.toLowerCase())
      this.shouted += 1;
    const folded = foldWord(token);
    const pair = unspelledPairs.get(folded);
    const apostrophe = folded.indexOf("'");
    if (pair !== undefined) {
      this.push(pair[0], pair[0]);
      this.push(pair[1], pair[1]);
    } else if (apostrophe < 0 || folded.endsWith("n't")) {
      this.push(unspelled.get(folded) ?? folded, token);
    } else {
      const ending = folded.slice(apostrophe + 1);
      const suffix = splitAfter.has(ending) ? `'${ending}` : ending;
      this.push(folded.slice(0, apostrophe), folded.slice(0, apostrophe));
      this.push(suffix, suffix);
    }
  }

  private push(word: string, surface: string, tagged = false): void {
    if (word === '') return;
    if (turns.has(word)) this.clause += 1;
    this.words.push(word);
    this.known.push(knowWord(word));
    // Stacked combining marks are quoted folded: the reason is drawn on screens.
    this.surfaces.push(surface.length > word.length * 2 ? word : surface.toLowerCase());
    this.clauses.push(this.clause);
    this.sentences.push(this.sentence);
    this.quoted.push(this.insideQuote);
    this.tagged.push(tagged);
  }
}
