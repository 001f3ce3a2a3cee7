import { join } from 'node:path';
import type { Database as Connection, Statement } from 'better-sqlite3';
import type { CleanPost } from '../source/domain/post.ts';
import { openStoreFile } from '../source/store/database.ts';
import { migrateUp } from '../source/store/migrate.ts';
import { postRecords } from '../source/store/rows.ts';
import { indexWordsWhere } from '../source/store/search-index.ts';

export const perPage = 500;

/**
 * The floor: posts into the same tables and indexes (that of words among them)
 * with the same driver, by one prepared statement a row and a transaction of
 * `perPage` posts. Posts a second.
 */
export async function rawInsertRate(folder: string, pages: Iterable<readonly CleanPost[]>): Promise<number> {
  const file = openStoreFile(join(folder, 'raw.sqlite'));
  try {
    await migrateUp(file);
    const { connection } = file;
    connection.exec("INSERT INTO sources (name, kind) VALUES ('bench', 'bench')");
    let insert: Statement | undefined;
    const words = connection.prepare(`${indexWordsWhere} id > ? ORDER BY id`);
    let before = 0;
    const save = connection.transaction((posts: readonly CleanPost[]) => {
      for (const record of postRecords(pageOf(posts))) {
        insert ??= prepareInsert(connection, Object.keys(record));
        insert.run(record);
      }
      words.run(before);
      before += posts.length;
    });
    let count = 0;
    let spentMs = 0;
    for (const posts of pages) {
      const started = performance.now();
      save(posts);
      spentMs += performance.now() - started;
      count += posts.length;
    }
    return count / (spentMs / 1000);
  } finally {
    await file.db.destroy();
  }
}

function prepareInsert(connection: Connection, columns: readonly string[]): Statement {
  const values = columns.map((name) => `@${name}`);
  return connection.prepare(`INSERT INTO posts (${columns.join(', ')}) VALUES (${values.join(', ')})`);
}

/** A page as the store takes it. */
export function pageOf(posts: readonly CleanPost[]) {
  return {
    source: 'bench',
    kind: 'bench',
    posts,
    cursor: { last: posts.at(-1)?.externalId ?? '' },
    fetchedAt: Date.UTC(2026, 10, 22),
    excluded: 0,
    reads: 0,
    costUsd: 0,
  };
}
