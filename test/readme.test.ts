import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { withKeyTable } from '../scripts/key-table.ts';
import { sourceKinds } from '../source/sources/open.ts';

const root = new URL('../', import.meta.url);
const readme = readFileSync(new URL('README.md', root), 'utf8');

describe('the README', () => {
  test('has the keys of the key map: run "node scripts/key-table.ts" when it has not', () => {
    expect(withKeyTable(readme)).toBe(readme);
  });

  test('links only to what is there', () => {
    const links = [...readme.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, target]) => target ?? '');
    expect(links.length).toBeGreaterThan(4);
    expect(links.filter((target) => !existsSync(new URL(target, root)))).toEqual([]);
  });

  test('names every kind of source that an analyst can configure', () => {
    for (const { kind } of sourceKinds.filter((each) => each.kind !== 'demo'))
      expect(readme).toContain(`| \`${kind}\` |`);
  });
});
