import { describe, expect, it } from 'vitest';
import { InvalidConfig, type Mistake } from '../../source/config/invalid-config.ts';
import { loadConfig } from '../../source/config/load.ts';
import { makeFolder } from './folder.ts';
import { twoKinds } from './sources.ts';

function mistakesOf(text: string, env: Record<string, string> = {}): readonly Mistake[] {
  try {
    loadConfig({ sourceSchema: twoKinds, cwd: makeFolder({ 'config.yaml': text }), env });
  } catch (error) {
    if (error instanceof InvalidConfig) return error.mistakes;
    throw error;
  }
  return [];
}

/** Place and sentence, as they are printed. */
function linesOf(text: string, env: Record<string, string> = {}): readonly string[] {
  return mistakesOf(text, env).map(({ line, column, message }) => `${line}:${column} ${message}`);
}

describe('a mistake in a key', () => {
  it('points at the key and names the nearest valid one', () => {
    expect(linesOf('topic: a\nhttp:\n  retries: 1\n  timout: 3\n')).toEqual([
      '4:3 unknown key "timout" in http; did you mean "timeoutMs"?',
    ]);
  });

  it('names the valid keys when none is near', () => {
    expect(linesOf('store: { zzzzzzzz: 1 }')).toEqual([
      '1:10 unknown key "zzzzzzzz" in store; known there: name, path',
    ]);
  });

  it('is told for the branch of the union that the kind chose', () => {
    expect(
      linesOf('sources:\n  - kind: file\n    name: a\n    path: b\n    formt: csv\n    url: c\n'),
    ).toEqual([
      '5:5 unknown key "formt" in sources[0]; did you mean "format"?',
      '6:5 unknown key "url" in sources[0]; known there: name, enabled, weight, exclude, kind, path, columns, format',
    ]);
  });

  it('in a map with fixed names is told like any other', () => {
    expect(linesOf('sources:\n  - { kind: file, name: a, path: b, columns: { txt: x } }\n')).toEqual([
      '2:48 unknown key "txt" in sources[0].columns; did you mean "text"?',
    ]);
  });

  it('that is given twice is reported with its line', () => {
    expect(linesOf('topic: a\ntopic: b\n')).toEqual([
      expect.stringMatching(/^2:1 not valid YAML: Map keys must be unique/),
    ]);
  });

  it('named __proto__ is one like any other', () => {
    expect(linesOf('__proto__: { topic: 1 }')[0]).toContain('unknown key "__proto__"');
    expect(({} as { topic?: unknown }).topic).toBeUndefined();
  });
});

describe('a mistake in a value', () => {
  it('points at the value, with what was found and what was expected', () => {
    expect(mistakesOf('http:\n  timeoutMs: "fast"\n')).toEqual([
      {
        file: 'config.yaml',
        variable: null,
        line: 2,
        column: 14,
        path: 'http.timeoutMs',
        found: 'the text "fast"',
        expected: 'a whole number from 100 to 600000',
        nearest: null,
        message: 'http.timeoutMs is the text "fast"; expected a whole number from 100 to 600000',
      },
    ]);
  });

  it.each([
    ['http: { retries: 1.5 }', 'http.retries is 1.5; expected a whole number from 0 to 10'],
    ['http: { retries: 11 }', 'http.retries is 11; expected a whole number from 0 to 10'],
    ['http: { allowPrivate: maybe }', 'http.allowPrivate is the text "maybe"; expected true or false'],
    ['http: [1]', /^http is a list; expected a mapping with userAgent, timeoutMs/],
    ['topic: 5', 'topic is 5; expected text of at most 200 characters'],
    ['log: { level: wran }', /^log\.level is the text "wran"; expected one of .*; did you mean "warn"\?$/],
    ['analyzers: []', /^analyzers is a list; expected a list/],
    ['analyzers: [oflline]', /expected one of "anthropic", "openai", "offline"; did you mean "offline"\?$/],
    [
      'score: { categories: { outage: big } }',
      'score.categories.outage is the text "big"; expected a number from 0.01 to 100',
    ],
    ['sources: { a: b }', /^sources is a mapping; expected a list/],
    ['sources: [text]', /^sources\[0\] is the text "text"; expected a mapping with "kind"/],
    [
      'sources: [{ kind: rss, name: A b, url: "https://a.example" }]',
      /expected a name of lower-case letters/,
    ],
    ['sources: [{ kind: rss, name: a, url: nope }]', /expected a web address/],
    ['[1, 2]', 'the file is a list; expected a mapping ("key: value" lines)'],
    ['profiles: 3', /^profiles is a single value; expected a mapping/],
    ['profiles: { a: [1] }', /^profiles\.a is a list; expected a mapping/],
  ])('%s', (text, message) => {
    expect(mistakesOf(text).map((mistake) => mistake.message)).toEqual([
      typeof message === 'string' ? message : expect.stringMatching(message),
    ]);
  });

  it('lists the kinds and the nearest one for an unknown kind', () => {
    expect(linesOf('sources:\n  - name: a\n    kind: rs\n')).toEqual([
      '3:11 sources[0].kind is the text "rs", an unknown kind; expected one of "rss", "file"; did you mean "rss"?',
    ]);
  });

  it('that is missing points at the entry that lacks it', () => {
    expect(linesOf('sources:\n  - name: a\n    kind: rss\n  - name: b\n')).toEqual([
      '2:5 sources[0].url is missing; expected a web address (https://…)',
      '4:5 sources[1].kind is missing; expected one of "rss", "file"',
    ]);
  });

  it('never carries control characters to the terminal', () => {
    const [mistake] = mistakesOf('topic: a\nlog: { level: "\\e[31mred" }');
    expect(mistake?.found).toBe('the text "red"');
  });
});

it('all mistakes are told at once, in the order of the file', () => {
  const lines = linesOf('topic: 1\nhttp:\n  retries: x\nstor: 1\nlog: { level: no }\n');
  expect(lines.map((line) => line.split(' ')[0])).toEqual(['1:8', '3:12', '4:1', '5:15']);
});

describe('profiles', () => {
  const text = `
http: { retries: 3 }
sources:
  - { name: a, kind: rss, url: "https://a.example/" }
profiles:
  one:
    http: { retrys: 4 }
  two:
    http: { retries: x }
    sources:
      - { name: b, kind: rss }
`;
  it('are checked whether or not one is chosen, and mistakes point into them', () => {
    expect(mistakesOf(text).map(({ line, path }) => `${line} ${path}`)).toEqual([
      '7 profiles.one.http.retrys',
      '9 profiles.two.http.retries',
      '11 profiles.two.sources[0].url',
    ]);
  });

  it('do not repeat the mistakes of the file they are laid over', () => {
    expect(linesOf('topic: 1\nprofiles: { a: {}, b: { log: { level: warn } } }')).toHaveLength(1);
  });

  it('may not hold profiles', () => {
    expect(linesOf('profiles: { a: { profiles: {} } }')[0]).toContain('unknown key "profiles"');
  });
});

it('two sources of one name are a mistake that names both lines', () => {
  const text =
    'sources:\n  - { name: a, kind: file, path: x }\n  - { name: b, kind: file, path: x }\n  - { name: a, kind: file, path: y }\n';
  expect(linesOf(text)).toEqual([
    '4:13 sources[2].name is "a", which is already used on line 2; every source needs its own name',
  ]);
});

describe('the environment', () => {
  it('is named when it is at fault', () => {
    const [mistake] = mistakesOf('', { SIGNAL_HARVESTER_HTTP__RETRIES: 'many' });
    expect(mistake).toMatchObject({ file: null, variable: 'SIGNAL_HARVESTER_HTTP__RETRIES', line: null });
    expect(mistake?.message).toBe('http.retries is the text "many"; expected a whole number from 0 to 10');
  });

  it('with an unknown variable is answered with the nearest name', () => {
    const [mistake] = mistakesOf('', { SIGNAL_HARVESTER_HTTP__TIMEOUT: '1' });
    expect(mistake).toMatchObject({
      variable: 'SIGNAL_HARVESTER_HTTP__TIMEOUT',
      nearest: 'SIGNAL_HARVESTER_HTTP__TIMEOUT_MS',
    });
  });
});

describe('secrets', () => {
  it.each([
    ['openai: { apiKey: abc }', 'OPENAI_API_KEY'],
    ['anthropicApiKey: abc', 'ANTHROPIC_API_KEY'],
    ['slack: { webhookUrl: "https://example.com/x" }', 'SLACK_WEBHOOK_URL'],
    ['slack: { token: abc }', 'SLACK_BOT_TOKEN'],
    [
      'sources: [{ kind: rss, name: a, url: "https://hooks.slack.com/services/T0/B0/abc" }]',
      'SLACK_WEBHOOK_URL',
    ],
    ['topic: sk-abcdefghijklmnopqrstuvwxyz', null],
  ])('in the file are refused with the variable to use: %s', (text, variable) => {
    const messages = mistakesOf(text).map(({ message }) => message);
    expect(messages.join('\n')).toContain('secrets are read from the environment only');
    if (variable !== null) expect(messages.join('\n')).toContain(variable);
  });

  it('are told once, though both their key and their value give them away', () => {
    expect(linesOf('sources: [{ kind: file, name: a, path: b, token: xoxb-1 }]')).toHaveLength(1);
  });

  it('are never repeated in the message', () => {
    const text =
      'openai: { apiKey: sk-abcdefghijklmnopqrstuvwxyz }\nsources: [{ kind: rss, name: a, url: "https://a.example", token: hunter2 }]';
    const everything = JSON.stringify(mistakesOf(text));
    expect(everything).not.toContain('sk-abc');
    expect(everything).not.toContain('hunter2');
  });
});

describe('text that is not YAML', () => {
  it('is reported with line and column, all of it at once', () => {
    const lines = linesOf('topic: "open\nhttp: {');
    expect(lines.length).toBeGreaterThan(0);
    expect(lines[0]).toMatch(/^\d+:\d+ not valid YAML: /);
  });

  it('that grows without end is refused', () => {
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [${'*a,'.repeat(9)}]\nc: &c [${'*b,'.repeat(9)}]\nd: [${'*c,'.repeat(9)}]\n`;
    expect(linesOf(bomb)[0]).toMatch(/Excessive alias count/);
  });
});

it('is one error with a message that can be read and exit code 2', () => {
  const folder = makeFolder({ 'config.yaml': 'topic: 1\nstor: 2\n' });
  const load = () => loadConfig({ sourceSchema: twoKinds, cwd: folder, env: {} });
  expect(load).toThrow(
    expect.objectContaining({
      code: 'invalid-config',
      exitCode: 2,
      message:
        'The configuration has 2 mistakes\n' +
        '  config.yaml:1:8: topic is 1; expected text of at most 200 characters\n' +
        '  config.yaml:2:1: unknown key "stor" at the top; did you mean "store"?',
    }),
  );
});
