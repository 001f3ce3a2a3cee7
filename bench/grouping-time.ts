/**
 * What placing a post costs as the store grows: node bench/grouping-time.ts FOLDER [POSTS] [--at-once]
 *
 * FOLDER holds airline-tweets.ndjson, whose words are strung together anew (a
 * Markov chain over word pairs), so that phrases are as common as in real
 * posts; one post in five repeats an earlier one with a word changed. The posts
 * are spread over a year, or with --at-once over four days: then all of them are
 * within one window of grouping, and nothing is ever too old to be looked at.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cleanDraft } from '../source/domain/clean.ts';
import { noEngagement } from '../source/domain/post.ts';
import { createGroupPlanner } from '../source/pipeline/group.ts';
import { openStore } from '../source/store/store.ts';

const [folder, count = '1000000', mode] = process.argv.slice(2);
if (folder === undefined) throw new Error('usage: node bench/grouping-time.ts FOLDER [POSTS] [--at-once]');
const total = Number(count);
const now = Date.UTC(2026, 10, 22);
const spreadMs = (mode === '--at-once' ? 4 : 365) * 86_400_000;

let seed = 7;
function random(below: number): number {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return Math.floor((seed / 2 ** 32) * below);
}

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

function makeText(): string {
  const words = [openings[random(openings.length)] ?? ''];
  while (words.length < 24) {
    const list = followers.get(words.at(-1) ?? '') ?? [''];
    const next = list[random(list.length)] ?? '';
    if (next === '') break;
    words.push(next);
  }
  return words.join(' ');
}

const recent: string[] = [];
function nextText(): string {
  if (recent.length > 100 && random(5) === 0) {
    const words = (recent[random(recent.length)] ?? '').split(' ');
    words[random(words.length)] = 'again';
    return words.join(' ');
  }
  const text = makeText();
  recent[random(5000)] = text;
  return text;
}

const place = mkdtempSync(join(tmpdir(), 'signal-harvester-bench-'));
const store = await openStore(join(place, 'store.sqlite'));
const planner = createGroupPlanner({ windowHours: 168, minSimilarity: 0.55, reopenResolved: true });
try {
  let spentUs = 0;
  let echoes = 0;
  const step = Math.max(1000, Math.floor(total / 10));
  for (let from = 0; from < total; from += 500) {
    const posts = Array.from({ length: 500 }, (_, index) => {
      const { post } = cleanDraft(
        {
          externalId: String(from + index),
          author: 'bench',
          title: null,
          text: nextText(),
          url: null,
          link: null,
          lang: null,
          createdAt: now - spreadMs + Math.floor(((from + index) / total) * spreadMs),
          engagement: noEngagement,
          parentUrl: null,
          parentText: null,
        },
        now,
      );
      if (post === null) throw new Error('a post without a text');
      return post;
    });
    await store.savePage({
      source: 'bench',
      kind: 'bench',
      posts,
      cursor: {},
      fetchedAt: now,
      excluded: 0,
      reads: 0,
      costUsd: 0,
    });
    // Time on the processor: what else the machine does meanwhile is none of ours.
    const started = process.cpuUsage();
    const placed = await store.group(500, planner);
    const { user, system } = process.cpuUsage(started);
    spentUs += user + system;
    echoes += placed.filter(({ opens }) => !opens).length;
    if ((from + 500) % step === 0) {
      const perPostUs = spentUs / step;
      console.log(
        `${String(from + 500).padStart(8)} posts  ${perPostUs.toFixed(0).padStart(5)} µs a post  ${((100 * echoes) / step).toFixed(1)}% echoes`,
      );
      spentUs = 0;
      echoes = 0;
    }
  }
} finally {
  await store.close();
  rmSync(place, { recursive: true });
}
