/**
 * Writes the key table of the README from the key map, so that the two cannot
 * drift apart; a test compares them.
 *
 * Usage: node scripts/key-table.ts
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { defaultKeyMap } from '../source/tui/key-map.ts';
import { labelOf } from '../source/tui/keys.ts';

const begin = '<!-- keys: made by scripts/key-table.ts -->';
const end = '<!-- /keys -->';

/** Rows for the keys of the two screens and the detail; the wizard explains its own as it goes. */
export function keyTable(): string {
  const shown = defaultKeyMap.bindings.filter(({ places }) =>
    places.some((place) => place === 'harvest' || place === 'signals' || place === 'detail'),
  );
  const rows = shown.map(({ keys, help, places }) => {
    const where = places.includes('harvest') && !places.includes('signals') ? ' (harvest screen)' : '';
    return `| ${keys.map((key) => `\`${labelOf(key)}\``).join(' ')} | ${help}${where} |`;
  });
  return ['| key | what it does |', '|---|---|', ...rows].join('\n');
}

export function withKeyTable(readme: string): string {
  const from = readme.indexOf(begin);
  const to = readme.indexOf(end);
  if (from < 0 || to < from) throw new Error(`README.md has no "${begin}" … "${end}"`);
  return `${readme.slice(0, from)}${begin}\n${keyTable()}\n${readme.slice(to)}`;
}

if (import.meta.main) {
  const file = new URL('../README.md', import.meta.url);
  writeFileSync(file, withKeyTable(readFileSync(file, 'utf8')));
}
