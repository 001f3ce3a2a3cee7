import { describe, expect, test } from 'vitest';
import { explainIssues } from '../../source/config/explain.ts';
import { InvalidConfig } from '../../source/config/invalid-config.ts';
import { loadConfig } from '../../source/config/load.ts';
import { resolveSnapshotsCopyPath, resolveSnapshotsPath } from '../../source/config/paths.ts';
import { makeFolder } from './folder.ts';
import { twoKinds } from './sources.ts';

function load(text: string, env: Record<string, string> = {}) {
  return loadConfig({ sourceSchema: twoKinds, cwd: makeFolder({ 'config.yaml': text }), env });
}

function wrong(text: string, env: Record<string, string> = {}): readonly string[] {
  try {
    load(text, env);
  } catch (error) {
    if (error instanceof InvalidConfig)
      return error.mistakes.map(({ line, variable, message }) => `${line ?? variable}: ${message}`);
    throw error;
  }
  return [];
}

test('counts of usage go to https, or to this machine, and never with a password in the address', () => {
  const collector = (url: string) => wrong(`usage: { collectorUrl: "${url}" }`);
  for (const fine of ['', 'https://count.example/', 'http://localhost:9/', 'http://[::1]:9/'])
    expect([fine, collector(fine)]).toEqual([fine, []]);
  for (const bad of ['http://count.example/', 'nonsense', 'https://me@count.example/'])
    expect([bad, collector(bad)[0]]).toEqual([bad, expect.stringContaining('an https address without user')]);
});

test('an exclude that is no regular expression is refused with its line', () => {
  expect(wrong('exclude:\n  patterns: ["fine.*", "(open"]')).toEqual([
    '2: exclude.patterns[1] is the text "(open"; expected a regular expression',
  ]);
});

test('keys that clash and actions that do not exist are told with what is near', () => {
  expect(wrong('keys:\n  dismis: [z]\n')).toEqual([
    expect.stringMatching(/^2: keys\.dismis: .*did you mean dismiss\?$/),
  ]);
  expect(wrong('keys:\n  dismiss: [x]\n')[0]).toMatch(/^2: keys\.dismiss: .*x/);
  expect(wrong('keys:\n  qqqqqqqq: [z]\n')[0]).not.toContain('did you mean');
});

test('a mistake inside of what may also be null is told in words', () => {
  expect(wrong('rules:\n  - { name: a, notifier: b, digest: { every: week, at: "09:00" } }\n')).toEqual([
    '2: rules[0].digest.every is the text "week"; expected one of "daily", "weekly"; did you mean "weekly"?',
  ]);
  expect(wrong('rules:\n  - { name: a, notifier: b, digest: { evry: daily } }\n')[1]).toContain(
    'unknown key "evry" in rules[0].digest; did you mean "every"?',
  );
});

test('a name that the file uses is told with its line, one of the environment with its place', () => {
  const source = (name: string) => ({ kind: 'rss', name, url: 'https://a.example/' });
  const [first] = wrong(
    'sources:\n  - { kind: rss, name: a, url: "https://a.example/" }\n  - { kind: rss, name: a, url: "https://b.example/" }\n',
  );
  expect(first).toContain('already used on line 2');
  const [other] = wrong('topic: acme', {
    SIGNAL_HARVESTER_SOURCES: JSON.stringify([source('a'), source('a')]),
  });
  expect(other).toContain('already used by sources[0]');
});

describe('a union without kinds', () => {
  const schema = { properties: { when: { anyOf: [{ type: 'object' }, { type: 'boolean' }] } } } as const;

  test('is judged by the branch with the fewest complaints', () => {
    const issue = {
      code: 'invalid_union',
      path: ['when'],
      message: '',
      errors: [
        [
          { code: 'invalid_type', path: ['a'], message: '', expected: 'string' },
          { code: 'invalid_type', path: ['b'], message: '', expected: 'string' },
        ],
        [{ code: 'invalid_type', path: ['a'], message: 'a wrong a', expected: 'string' }],
      ],
    };
    const found = explainIssues([issue as never], { when: { a: 1, b: 2 } }, schema);
    expect(found.map(({ message }) => message)).toEqual(['when.a is 1; expected a wrong a']);
  });

  test('says what was found when it is no mapping at all', () => {
    const issue = { code: 'invalid_union', path: ['when'], message: '', errors: [] };
    const said = (when: unknown) => explainIssues([issue as never], { when }, schema)[0]?.message;
    expect(said('x'.repeat(80))).toBe(
      `when is the text "${'x'.repeat(59)}…"; expected a mapping, or true or false`,
    );
    expect(said(null)).toBe('when is nothing; expected a mapping, or true or false');
    expect(said([])).toBe('when is a list; expected a mapping, or true or false');
  });
});

test('snapshots lie beside the store unless the file says where, and copies only where it says', () => {
  const beside = load('store: { path: data/acme.sqlite }');
  expect(resolveSnapshotsPath(beside)).toBe(`${beside.folder}/data/acme-snapshots`);
  expect(resolveSnapshotsCopyPath(beside)).toBeNull();
  const told = load('snapshots: { path: kept, copyTo: away }');
  expect(resolveSnapshotsPath(told)).toBe(`${told.folder}/kept`);
  expect(resolveSnapshotsCopyPath(told)).toBe(`${told.folder}/away`);
});
