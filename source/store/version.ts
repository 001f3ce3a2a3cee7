import type { StoreFile } from './database.ts';

/**
 * A text that stays the same as long as nobody writes to the file, neither
 * this connection nor any other one of this program or another.
 *
 * https://www.sqlite.org/pragma.html#pragma_data_version
 */
export function versionOf({ connection }: StoreFile): () => string {
  // The numbers mean nothing to another connection: after a restore they may begin anew.
  // Made when it is asked for: what makes it takes longer to load than a list.
  let opened: string | null = null;
  // Each by a statement of its own: as a table, the pragma is compiled anew whenever it is asked.
  const others = connection.prepare<[], number>('PRAGMA data_version').pluck();
  const own = connection.prepare<[], number>('SELECT total_changes()').pluck();
  return () => {
    opened ??= crypto.randomUUID();
    return `${opened} ${others.get()} ${own.get()}`;
  };
}
