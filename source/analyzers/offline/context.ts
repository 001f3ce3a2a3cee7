import type { CategoryId } from '../../domain/taxonomy.ts';
import type { Features } from './classifier.ts';
import type { CompiledLexicon, Finding } from './lexicon-index.ts';
import { findWeighted } from './lexicon-index.ts';
import type { Reading } from './reading.ts';

/** How far back a negation reaches, in words of its clause. */
const negationReach = 3;
/** How far back an "if" reaches, in words of its sentence. */
const conditionReach = 8;

const troubles: ReadonlySet<CategoryId> = new Set(['outage', 'bug', 'security']);

/** What a headline's words are worth: it reports on the world, it does not complain. */
const headlineWorth: Readonly<Record<CategoryId, number>> = {
  outage: 0.75,
  security: 0.9,
  churn: 0.4,
  bug: 0.4,
  question: 0.6,
  feature: 0.35,
  praise: 0.3,
  other: 1,
};

/**
 * The share of a finding's weight that its surroundings leave it, 0 to 1:
 * nothing when negated, less when it is only a possibility, a quotation, a
 * headline, or over.
 */
export function contextWeight(finding: Finding, features: Features, lexicon: CompiledLexicon): number {
  const { reading } = features;
  if (!finding.negative && isNegated(finding, reading, lexicon)) return 0;
  if (troubles.has(finding.category) && isRelieved(finding, reading, lexicon)) return 0;
  let weight = 1;
  if (troubles.has(finding.category) && isConditional(finding, reading, lexicon)) weight *= 0.4;
  if (reading.quoted[finding.start] === true) weight *= 0.6;
  // A hashtag files a post under a topic; it does not say that the thing happens.
  if (reading.tagged[finding.start] === true && reading.tagged[finding.end - 1] === true) weight *= 0.7;
  if (isHeadline(features, lexicon)) weight *= headlineWorth[finding.category];
  if (finding.category === 'outage' || finding.category === 'bug') {
    if (isResolved(reading, lexicon)) weight *= 0.6;
  }
  return weight;
}

export function isNegated(
  finding: { readonly start: number },
  reading: Reading,
  lexicon: CompiledLexicon,
): boolean {
  const clause = reading.clauses[finding.start];
  for (let at = finding.start - 1; at >= Math.max(0, finding.start - negationReach); at -= 1) {
    if (reading.clauses[at] !== clause) return false;
    const word = reading.words[at] ?? '';
    // "not only crashes but …", "why not add …" negate nothing.
    if (lexicon.negators.has(word))
      return reading.words[at + 1] !== 'only' && reading.words[at - 1] !== 'why';
  }
  return false;
}

/** "Fixed a crash": one of the two words before takes the trouble away. */
function isRelieved(finding: Finding, reading: Reading, lexicon: CompiledLexicon): boolean {
  for (let at = finding.start - 1; at >= Math.max(0, finding.start - 2); at -= 1) {
    if (reading.clauses[at] !== reading.clauses[finding.start]) return false;
    if (lexicon.relievers.has(reading.words[at] ?? '')) return true;
  }
  return false;
}

function isConditional(finding: Finding, reading: Reading, lexicon: CompiledLexicon): boolean {
  const sentence = reading.sentences[finding.start];
  for (let at = finding.start - 1; at >= Math.max(0, finding.start - conditionReach); at -= 1) {
    if (reading.sentences[at] !== sentence) return false;
    if (lexicon.conditionals.has(reading.words[at] ?? '') && reading.words[at - 1] !== 'as') return true;
  }
  return false;
}

/** Where a title is a headline even when it says "I": it is the title of somebody's article. */
const newsKinds: ReadonlySet<string> = new Set(['hackernews', 'rss']);

/** "Ask HN", "Tell HN": the title is the post itself. */
function isAddressed(words: readonly string[]): boolean {
  return (words[0] === 'ask' || words[0] === 'tell') && words[1] === 'hn';
}

const headlines = new WeakMap<Reading, boolean>();

/** Nobody speaks in it, nobody is spoken to, and it stands as a title or comes from a place of news. */
export function isHeadline(features: Features, lexicon: CompiledLexicon): boolean {
  const { reading, kind } = features;
  const known = headlines.get(reading);
  if (known !== undefined) return known;
  const { titleWords, words } = reading;
  const isTitle = titleWords > 0 && titleWords === words.length;
  const isNews = newsKinds.has(kind) || isTitle;
  const answer =
    isNews &&
    reading.mentions === 0 &&
    !isAddressed(words) &&
    ((isTitle && newsKinds.has(kind)) || !speaks(reading, lexicon));
  headlines.set(reading, answer);
  return answer;
}

/** At least one word in fifty is of the first or second person. */
function speaks(reading: Reading, lexicon: CompiledLexicon): boolean {
  let persons = 0;
  for (const word of reading.words) if (lexicon.persons.has(word)) persons += 1;
  return persons > 0 && persons * 50 >= reading.words.length;
}

const resolutions = new WeakMap<Reading, boolean>();

/** The post says that the trouble is over, in a sentence that is not a wish or a question. */
export function isResolved(reading: Reading, lexicon: CompiledLexicon): boolean {
  const known = resolutions.get(reading);
  if (known !== undefined) return known;
  const answer = findWeighted(reading, lexicon.resolved).some(
    (found) =>
      !isNegated(found, reading, lexicon) && reading.asked[reading.sentences[found.start] ?? 0] !== true,
  );
  resolutions.set(reading, answer);
  return answer;
}
