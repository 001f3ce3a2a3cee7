import type { Features } from './classifier.ts';
import { PhraseIndex } from './phrase-index.ts';
import { compilePhrase, type Phrase } from './phrases.ts';
import { topics } from './topics.ts';

const mostTags = 8;
const longestTag = 40;
/** Hashtags come from strangers: a wall of them says nothing. */
const mostHashtags = 4;

interface TopicPhrase {
  readonly phrase: Phrase;
  readonly topic: string;
}

let index: PhraseIndex<TopicPhrase> | null = null;

function topicIndex(): PhraseIndex<TopicPhrase> {
  index ??= new PhraseIndex(
    Object.entries(topics).flatMap(([topic, phrases]) =>
      phrases
        .split(';')
        .filter((source) => source.trim() !== '')
        .map((source) => ({ topic, phrase: compilePhrase(source) })),
    ),
  );
  return index;
}

/** What a post is about: topics by how often they are named, then its own hashtags. Lower-case, at most 8. */
export function readTags(features: Features): string[] {
  const { reading } = features;
  const counts = new Map<string, number>();
  topicIndex().forEachMatch(reading, ({ topic }) => {
    counts.set(topic, (counts.get(topic) ?? 0) + 1);
  });
  const named = [...counts].sort((a, b) => b[1] - a[1]).map(([topic]) => topic);
  const hashtags = reading.hashtags
    .filter((tag) => tag.length <= longestTag && !/^\d+$/.test(tag))
    .slice(0, mostHashtags);
  const tags = [...new Set([...named.slice(0, mostTags - Math.min(2, hashtags.length)), ...hashtags])].slice(
    0,
    mostTags,
  );
  return tags.every((tag) => tag !== '' && tag.length <= longestTag) ? tags : [];
}
