import { Writable } from 'node:stream';
import { expect, it } from 'vitest';
import { reportError } from '../../source/cli/report-error.ts';
import { UserError } from '../../source/errors.ts';

function report(error: unknown, json = false) {
  let told = '';
  const stderr = new Writable({
    write(chunk, _encoding, done) {
      told += String(chunk);
      done();
    },
  });
  const code = reportError(error, { stderr, json });
  return { code, told };
}

const known = new UserError('store-locked', 'The store is locked.\n  by 7\u001b[2J', {
  fix: 'Wait.',
  exitCode: 4,
});

it('what a person can mend is a sentence and a fix, with its own exit code', () => {
  expect(report(known)).toEqual({ code: 4, told: 'error: The store is locked.\n  by 7\nfix: Wait.\n' });
});

it('under --json it is one line of JSON', () => {
  const { code, told } = report(known, true);
  expect(code).toBe(4);
  expect(JSON.parse(told)).toMatchObject({ error: { code: 'store-locked', fix: 'Wait.' } });
});

it('anything else is a bug: it shows its stack and ends with 1', () => {
  const { code, told } = report(new TypeError('x is not a function'));
  expect(code).toBe(1);
  expect(told).toMatch(/^TypeError: x is not a function\n +at /);
  expect(told).toContain('This is a bug');
  expect(report('thrown text')).toMatchObject({ code: 1, told: expect.stringContaining('thrown text') });
  expect(JSON.parse(report(null, true).told)).toEqual({ error: { code: 'bug', message: 'null', fix: null } });
});
