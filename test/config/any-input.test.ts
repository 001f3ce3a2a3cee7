import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { stringify } from 'yaml';
import { InvalidConfig } from '../../source/config/invalid-config.ts';
import { loadConfig } from '../../source/config/load.ts';
import { makeFolder } from './folder.ts';
import { twoKinds } from './sources.ts';

/** Loads a text, and checks that whatever is said of it has a place in it. */
function judge(folder: string, text: string): void {
  writeFileSync(join(folder, 'config.yaml'), text);
  const lines = text.split(/\r\n|\n|\r/);
  try {
    loadConfig({ sourceSchema: twoKinds, cwd: folder, env: {} });
  } catch (error) {
    if (!(error instanceof InvalidConfig)) throw error;
    expect(error.mistakes.length).toBeGreaterThan(0);
    for (const { line, column, message } of error.mistakes) {
      expect(line).toBeGreaterThanOrEqual(1);
      expect(line).toBeLessThanOrEqual(lines.length);
      expect(column).toBeGreaterThanOrEqual(1);
      expect(message).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
    }
  }
}

const word = fc.constantFrom(
  'topic',
  'http',
  'retries',
  'timeoutMs',
  'sources',
  'kind',
  'rss',
  'file',
  'name',
  'url',
  'profiles',
  'score',
  'categories',
  '__proto__',
  'token',
  'log',
  'level',
);
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small' },
    word,
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.string(),
    fc.array(tie('tree'), { maxLength: 3 }),
    fc.dictionary(fc.oneof(word, fc.string()), tie('tree'), { maxKeys: 4 }),
  ),
}));

it('any mapping is either a configuration or a list of mistakes with their places', () => {
  const folder = makeFolder();
  const whole = fc.dictionary(word, tree, { maxKeys: 5 });
  fc.assert(
    fc.property(whole, (value) => judge(folder, stringify(value))),
    { numRuns: 300 },
  );
});

it('any text is either a configuration or a list of mistakes with their places', () => {
  const folder = makeFolder();
  const pieces = fc.constantFrom(
    ': ',
    '- ',
    '\n',
    '  ',
    '{',
    '}',
    '[',
    ']',
    '"',
    "'",
    '#',
    '&a',
    '*a',
    '|',
    '>',
    '!!',
    '%',
    '\t',
    'a',
    '1',
    'topic',
    '\u0007',
    '---',
  );
  const text = fc
    .array(fc.oneof(pieces, fc.string({ maxLength: 3 })), { maxLength: 30 })
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(text, (value) => judge(folder, value)),
    { numRuns: 500 },
  );
});
