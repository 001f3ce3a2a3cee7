import { describe, expect, test } from 'vitest';
import { secretScrubber } from '../../source/config/secrets.ts';
import { redactMessage, redactStack } from '../../source/domain/redact-error.ts';

const redaction = { scrub: secretScrubber({ OPENAI_API_KEY: 'planted-secret-value' }) };
const message = (text: string) => redactMessage(text, redaction);

describe('the message of an error', () => {
  test.each([
    ['no such file /home/ann/acme/list.csv', 'no such file [path]'],
    ['cannot open C:\\Users\\ann\\x.db now', 'cannot open [path] now'],
    [
      'GET https://ann:pw@api.example.org/v1/posts?q=acme&token=1#x failed',
      'GET https://api.example.org/v1/posts failed',
    ],
    ['the key planted-secret-value was refused', 'the key [secret] was refused'],
    ['sent authorization: Bearer abc.def', 'sent authorization: [secret] abc.def'],
    ['write to ann@example.org', 'write to [email]'],
    ['xoxb-1234567890-abcdef is no token', '[secret] is no token'],
    ['hash 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b8 differs', 'hash [long] differs'],
    [
      "Cannot read properties of undefined (reading 'rows')",
      "Cannot read properties of undefined (reading 'rows')",
    ],
    ['Unexpected token, "the post says so" is not valid JSON', 'Unexpected token, "…" is not valid JSON'],
    ['near "DROP TABLE": syntax error', 'near "…": syntax error'],
    ['one line\nof a post', 'one line'],
    ['escape \u001b[31m red', 'escape  [31m red'],
  ])('%j becomes %j', (given, wanted) => {
    expect(message(given)).toBe(wanted);
  });

  test('has 300 characters at most', () => {
    expect(message('word '.repeat(1_000))).toHaveLength(300);
  });
});

describe('the stack of an error', () => {
  test('names files of the program and of its packages, and no others', () => {
    const error = new Error('x');
    error.stack = [
      'Error: x with "a post" in it',
      '    at save (file:///home/ann/signal-harvester/source/store/views.ts:12:3)',
      '    at run (/home/ann/signal-harvester/node_modules/kysely/dist/esm/a.js:1:2)',
      '    at /home/ann/scripts/own.js:3:4',
      '    at process.processTicksAndRejections (node:internal/process/task_queues:104:5)',
    ].join('\n');
    expect(redactStack(error, redaction)).toBe(
      [
        'at save (source/store/views.ts:12:3)',
        'at run (node_modules/kysely/dist/esm/a.js:1:2)',
        'at [path]:3:4',
        'at process.processTicksAndRejections (node:internal/process/task_queues:104:5)',
      ].join('\n'),
    );
  });

  test('goes on with what caused it, redacted too', () => {
    const cause = new RangeError('planted-secret-value');
    cause.stack = 'RangeError: planted-secret-value\n    at low (file:///x/source/a.ts:1:1)';
    const error = new Error('above', { cause });
    error.stack = 'Error: above\n    at high (file:///x/source/b.ts:2:2)';
    expect(redactStack(error, redaction)).toBe(
      'at high (source/b.ts:2:2)\ncaused by RangeError: [secret]\nat low (source/a.ts:1:1)',
    );
  });
});
