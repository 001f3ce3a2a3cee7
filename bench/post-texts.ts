import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Texts without end, the same ones in every run: the words of real posts strung
 * together anew (a Markov chain over word pairs), so that phrases are as common
 * as in life; one text in five repeats an earlier one with a word changed.
 *
 * @param folder holds airline-tweets.ndjson
 */
export function postTexts(folder: string): { next(): string; random(below: number): number } {
  let seed = 7;
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
  const followers = new Map<string, string[]>();
  const openings: string[] = [];
  for (const line of readFileSync(join(folder, 'airline-tweets.ndjson'), 'utf8').trim().split('\n')) {
    const words = (JSON.parse(line) as { text: string }).text.split(/\s+/);
    openings.push(words[0] ?? '');
    for (const [index, word] of words.entries()) {
      const next = words[index + 1] ?? '';
      const list = followers.get(word);
      if (list === undefined) followers.set(word, [next]);
      else list.push(next);
    }
  }
  const make = (): string => {
    const words = [openings[random(openings.length)] ?? ''];
    while (words.length < 24) {
      const list = followers.get(words.at(-1) ?? '') ?? [''];
      const next = list[random(list.length)] ?? '';
      if (next === '') break;
      words.push(next);
    }
    return words.join(' ');
  };
  const recent: string[] = [];
  const next = (): string => {
    if (recent.length > 100 && random(5) === 0) {
      const words = (recent[random(recent.length)] ?? '').split(' ');
      words[random(words.length)] = 'again';
      return words.join(' ');
    }
    const text = make();
    recent[random(5000)] = text;
    return text;
  };
  return { next, random };
}
