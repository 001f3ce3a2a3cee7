/**
 * Writes the key table of the README and docs/keys.md from the key map, so
 * that they cannot drift apart; a test compares them.
 *
 * Usage: node scripts/key-table.ts
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { keyNames } from '../source/domain/key-choices.ts';
import { places as allPlaces } from '../source/domain/key-places.ts';
import { defaultKeyMap } from '../source/tui/key-map.ts';
import { labelOf } from '../source/tui/keys.ts';

const begin = '<!-- keys: made by scripts/key-table.ts -->';
const end = '<!-- /keys -->';

/** Rows for the keys of the screens and the detail; the wizard explains its own as it goes. */
export function keyTable(): string {
  const shown = defaultKeyMap.bindings.filter(({ places }) =>
    places.some((place) =>
      ['harvest', 'signals', 'detail', 'dashboard', 'retention', 'logs', 'errors'].includes(place),
    ),
  );
  const rows = shown.map(({ keys, help, places }) => {
    const [only] = places;
    const alone = only === 'harvest' || only === 'dashboard' || only === 'retention';
    const onLogs = places.every((place) => ['logs', 'errors', 'record'].includes(place));
    const where = onLogs ? ' (logs screen)' : alone && places.length === 1 ? ` (${only} screen)` : '';
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

/** The page of all actions by name, for the configuration. */
export function keysPage(): string {
  const named = Map.groupBy(defaultKeyMap.bindings, ({ action }) => action);
  const rows = [...named].map(([action, group]) => {
    const each = (cell: (binding: (typeof group)[number]) => string) =>
      [...new Set(group.map(cell))].join('; ');
    const keys = each((binding) => binding.keys.map((key) => `\`${key}\``).join(' '));
    return `| \`${action}\` | ${keys} | ${each(({ places }) => (places.length === allPlaces.length ? 'everywhere' : places.join(', ')))} | ${each(({ help }) => help)} |`;
  });
  return [
    '# Keys',
    '',
    'Every action of the terminal app, its usual keys, and where they mean it. `keys` in the configuration gives an action keys of your own; they replace the usual ones, and an empty list takes them away:',
    '```yaml',
    'keys:',
    '  dismiss: [x, delete]',
    '  mark: [space]',
    '```',
    'A key is one character (`x`, `X`, `é`), `ctrl-x`, `alt-x`, or one of '.concat(
      keyNames.map((name) => `\`${name}\``).join(', '),
      '. Two actions cannot have one key at one place, and where text is typed a character is text: `signal-harvester config check` names both actions of a clash. The wizard keeps its usual keys.',
    ),
    '',
    'This page is made by `scripts/key-table.ts`.',
    '',
    '| action | keys | where | what it does |',
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}

if (import.meta.main) {
  writeFileSync(new URL('../docs/keys.md', import.meta.url), keysPage());
  const file = new URL('../README.md', import.meta.url);
  writeFileSync(file, withKeyTable(readFileSync(file, 'utf8')));
}
