import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { keysPage, withKeyTable } from '../scripts/key-table.ts';
import type { SourceStanding } from '../source/harvester/source-state.ts';
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

describe('the recording of the README', () => {
  const recording = readFileSync(new URL('docs/images/recording.svg', root), 'utf8');

  test('stands by itself, is small, and plays without a script', () => {
    expect(readme).toContain('](docs/images/recording.svg)');
    expect(recording.length).toBeLessThan(300_000);
    expect(recording).not.toMatch(/<script|<foreignObject|<image|@import|url\(|\bon\w+=/);
    const addresses = recording.match(/(?:href|xmlns)="[^"]*"/g) ?? [];
    expect(new Set(addresses.filter((each) => !/^href="#r\d+"$/.test(each)))).toEqual(
      new Set(['xmlns="http://www.w3.org/2000/svg"']),
    );
  });

  test('shows one still screen to whoever prefers less motion', () => {
    const [, still = ''] = /prefers-reduced-motion:reduce\)\{(.*)\}\n/.exec(recording) ?? [];
    expect(still).toContain('.f{animation:none}');
    expect(still).toContain('.last{visibility:visible}');
    expect(recording.match(/class="f last"/g)).toHaveLength(1);
  });

  test('shows every frame once, one after the other', () => {
    const shown = [
      ...recording.matchAll(
        /@keyframes f\d+\{(?:0%\{visibility:hidden\})?([\d.]+)%\{visibility:visible\}(?:([\d.]+)%)?/g,
      ),
    ];
    expect(shown.length).toBeGreaterThan(15);
    shown.forEach(([, , until], index) => {
      expect(until ?? '100.000').toBe(shown[index + 1]?.[1] ?? '100.000');
    });
  });
});

test('docs/keys.md names every action: run "node scripts/key-table.ts" when it does not', () => {
  expect(readFileSync(new URL('docs/keys.md', root), 'utf8')).toBe(keysPage());
});

describe('docs/sources.md', () => {
  const text = readFileSync(new URL('docs/sources.md', root), 'utf8');

  test.each(sourceKinds.map(({ kind, secrets = [] }) => [kind, secrets] as const))(
    'has a row for %s, with its own page and its keys',
    (kind, secrets) => {
      const row = text.split('\n').find((line) => line.startsWith(`| [\`${kind}\`](`)) ?? '';
      const page = `sources/${kind}.md`;
      expect(row).toContain(existsSync(new URL(`docs/${page}`, root)) ? `(${page})` : '(configuration.md#');
      for (const secret of secrets) expect(row).toContain(`\`${secret}\``);
    },
  );

  test('links only to what is there', () => {
    const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, target]) => target ?? '');
    expect(links.filter((target) => !existsSync(new URL(`docs/${target}`, root)))).toEqual([]);
  });

  test('explains every state that a source may be in', () => {
    for (const state of ['well', 'silent', 'limited', 'failing', 'new', 'off'] satisfies SourceStanding[])
      expect(text).toContain(`| \`${state}\` |`);
  });
});
