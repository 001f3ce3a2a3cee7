import type { StoreFile } from './database.ts';

/**
 * A text that stays the same as long as nobody writes to the file, neither
 * this connection nor any other one of this program or another.
 *
 * https://www.sqlite.org/pragma.html#pragma_data_version
 */
export function versionOf({ connection }: StoreFile): () => string {
  // The numbers mean nothing to another connection: after a restore they may begin anew.
  let opened: string | null = null;
  const read = connection.prepare<[], { others: number; own: number }>(
    'SELECT data_version AS others, total_changes() AS own FROM pragma_data_version',
  );
  return () => {
    // Made when it is asked for: what makes it takes longer to load than a list.
    opened ??= crypto.randomUUID();
    const { others = 0, own = 0 } = read.get() ?? {};
    return `${opened} ${others} ${own}`;
  };
}
