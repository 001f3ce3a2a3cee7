import Database from 'better-sqlite3';
import type { World } from './world.ts';

type Row = Readonly<Record<string, string | number | null>>;

interface Contents {
  /** By source and external id: all of a post but for its number and when it was fetched. */
  readonly posts: ReadonlyMap<string, Row>;
  /** Which posts are one signal, in words that do not depend on numbers. */
  readonly groups: ReadonlySet<string>;
  /** By what the analyzer was shown: what it said, and who it was. */
  readonly analyses: ReadonlyMap<string, Row>;
  readonly signals: readonly number[];
  readonly unfinished: number;
}

function read(path: string): Contents {
  const db = new Database(path, { readonly: true });
  try {
    const rows = db.prepare('SELECT * FROM posts').all() as Row[];
    const posts = new Map<string, Row>();
    const members = new Map<unknown, string[]>();
    for (const { id: _id, signalId, fetchedAt: _at, ...post } of rows) {
      const name = `${post.source}/${post.externalId}`;
      posts.set(name, post);
      members.set(signalId, [...(members.get(signalId) ?? []), name]);
    }
    const analyses = db
      .prepare(
        `SELECT p.source, p.externalId, a.category, a.sentiment, a.urgency, a.tags, a.reasoning, a.confidence, a.analyzer
         FROM analyses a JOIN signals s ON s.id = a.signalId JOIN posts p ON p.id = s.leadPostId`,
      )
      .all() as Row[];
    const count = (sql: string) => Number((db.prepare(sql).get() as { n: number }).n);
    return {
      posts,
      groups: new Set([...members.values()].map((names) => names.sort().join(' '))),
      analyses: new Map(analyses.map(({ source, externalId, ...said }) => [`${source}/${externalId}`, said])),
      signals: (db.prepare('SELECT id FROM signals').all() as { id: number }[]).map(({ id }) => id),
      unfinished:
        count('SELECT count(*) n FROM signals WHERE analyzedAt IS NULL OR scoredAt IS NULL') +
        count('SELECT count(*) n FROM posts WHERE signalId IS NULL'),
    };
  } finally {
    db.close();
  }
}

/**
 * What differs between the store that went through the faults and those of a
 * quiet network, one with the model and one with the offline analyzer alone:
 * an analysis must be what its analyzer says of the same words there.
 */
export function compareStores(path: string, references: { model: string; offline: string }): string[] {
  const [soaked, model, offline] = [read(path), read(references.model), read(references.offline)];
  const problems: string[] = [];
  const tell = (problem: string) => {
    if (problems.length < 20) problems.push(problem);
  };
  for (const [name, post] of model.posts) {
    const found = soaked.posts.get(name);
    if (found === undefined) tell(`lost: ${name}`);
    else if (JSON.stringify(found) !== JSON.stringify(post))
      tell(`another post: ${name}: ${JSON.stringify(found)} instead of ${JSON.stringify(post)}`);
  }
  for (const name of soaked.posts.keys()) if (!model.posts.has(name)) tell(`invented: ${name}`);
  for (const group of soaked.groups) if (!model.groups.has(group)) tell(`grouped otherwise: ${group}`);
  for (const [name, said] of soaked.analyses) {
    const expected = (said.analyzer === 'offline' ? offline : model).analyses.get(name);
    // Another post leads there: what was said of it says nothing of this one.
    if (expected === undefined) continue;
    if (JSON.stringify(said) !== JSON.stringify(expected))
      tell(`analyzed otherwise: ${name}: ${JSON.stringify(said)} instead of ${JSON.stringify(expected)}`);
  }
  if (soaked.unfinished > 0) tell(`${soaked.unfinished} posts or signals are not finished`);
  return problems;
}

/** Posts that were written and are not in the store, or the other way round; and stories told apart or mixed up. */
export function compareWithWritten(path: string, { written }: World): string[] {
  const { posts, groups } = read(path);
  const missing = [...written.keys()].filter((name) => !posts.has(name));
  const stories = new Map<number, string[]>();
  for (const [name, story] of written) stories.set(story, [...(stories.get(story) ?? []), name]);
  const wrong = [...stories.values()].filter((names) => !groups.has(names.sort().join(' ')));
  return [
    ...missing.slice(0, 5).map((name) => `written and not stored: ${name}`),
    ...wrong.slice(0, 5).map((names) => `one story, not one signal: ${names.join(' ')}`),
  ];
}

/** Slack must show each signal once; the webhook must have taken each, under one key however often it was sent. */
export function compareMessages(
  path: string,
  { slack, taken }: World,
): { problems: string[]; again: number } {
  const { signals } = read(path);
  const shown = slack.messages.map(({ body }) => Number(/show (\d+)/.exec(JSON.stringify(body))?.[1]));
  const keys = new Map<number, Set<string>>();
  for (const { signal, key } of taken) keys.set(signal, (keys.get(signal) ?? new Set()).add(key));
  const problems = signals.flatMap((id) => {
    const times = shown.filter((each) => each === id).length;
    const under = keys.get(id)?.size ?? 0;
    return [
      ...(times === 1 ? [] : [`Slack shows signal ${id} ${times} times`]),
      ...(under === 1 ? [] : [`the webhook took signal ${id} under ${under} keys`]),
    ];
  });
  if (taken.some(({ forged }) => forged)) problems.push('the webhook got a wrong signature');
  problems.push(...slack.breaches.map((breach) => `Slack: ${breach}`));
  return { problems: problems.slice(0, 20), again: taken.length - new Set(taken.map(({ key }) => key)).size };
}
