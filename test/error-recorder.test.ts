import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ErrorOccurrence } from '../source/domain/error-group.ts';
import { ErrorRecorder } from '../source/error-recorder.ts';
import { openErrorSpool, spoolPathOf } from '../source/error-spool.ts';
import { UserError } from '../source/errors.ts';
import { temporaryFolder } from './store/temporary-store.ts';

function recorderAt(at = { now: 1_000 }) {
  const path = spoolPathOf(join(temporaryFolder(), 'logs', 'app.log'));
  const recorder = new ErrorRecorder(() => at.now);
  recorder.aim({ path, version: '1.2.3', scrub: (text) => text });
  const written = (): ErrorOccurrence[] =>
    openErrorSpool(path)
      .waiting()
      .flatMap(({ occurrences, done }) => {
        done();
        return [...occurrences];
      });
  return { recorder, path, written, at };
}

const boom = () => new TypeError('x is not a function');

describe('a recorder', () => {
  test('writes an error down with what came before, for its owner alone', () => {
    const { recorder, path, written } = recorderAt();
    recorder.crumb('command', 'run');
    recorder.crumb('stage', 'fetch');
    recorder.crumb('stage', 'fetch');
    recorder.capture(boom(), 'operation');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const [occurrence, ...others] = written();
    expect(others).toEqual([]);
    expect(occurrence).toMatchObject({
      type: 'TypeError',
      message: 'x is not a function',
      origin: 'operation',
      version: '1.2.3',
      count: 1,
    });
    expect(occurrence?.breadcrumbs.map(({ kind, text }) => `${kind} ${text}`)).toEqual([
      'command run',
      'stage fetch',
    ]);
    expect(occurrence?.stack).toMatch(/^at boom \(test\/error-recorder\.test\.ts:\d+/);
  });

  test('leaves out what a person can mend, what was cancelled, and what it has seen', () => {
    const { recorder, written } = recorderAt();
    recorder.capture(new UserError('bad-search', 'no', { fix: 'yes' }), 'command');
    recorder.capture(new DOMException('stop', 'AbortError'), 'operation');
    const known = boom();
    recorder.ignore(known);
    recorder.capture(known, 'command');
    const twice = boom();
    recorder.capture(twice, 'operation');
    recorder.capture(twice, 'command');
    expect(written()).toHaveLength(1);
  });

  test('keeps the last thirty steps', () => {
    const { recorder, written } = recorderAt();
    for (let step = 0; step < 100; step += 1) recorder.crumb('operation', `step.${step}`);
    recorder.capture(boom(), 'command');
    const texts = written()[0]?.breadcrumbs.map(({ text }) => text) ?? [];
    expect([texts.length, texts[0], texts.at(-1)]).toEqual([30, 'step.70', 'step.99']);
  });

  test('adds a storm up', () => {
    const { recorder, written, at } = recorderAt();
    for (let turn = 0; turn < 1_000; turn += 1) recorder.capture(boom(), 'request');
    at.now += 60_000;
    recorder.capture(boom(), 'request');
    recorder.flush();
    const counts = written().map(({ count }) => count);
    expect(counts.length).toBeLessThan(10);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(1_001);
  });

  test('never fails its caller, whatever was thrown and wherever it points', () => {
    const { written, recorder } = recorderAt();
    const hostile = new Error('x');
    Object.defineProperty(hostile, 'message', {
      get: () => {
        throw new Error('no');
      },
    });
    for (const thrown of [hostile, null, undefined, 'text', 7, { a: 1 }, Object.create(null)])
      recorder.capture(thrown, 'process');
    expect(written().length).toBeGreaterThan(3);
    const lost = new ErrorRecorder();
    lost.capture(boom(), 'command');
    lost.aim({ path: '/dev/null/app.errors.jsonl', version: '1', scrub: (text) => text });
    lost.capture(boom(), 'command');
  });

  test('stops writing when the file is full', () => {
    const { recorder, path } = recorderAt();
    recorder.capture(boom(), 'command');
    writeFileSync(path, 'x'.repeat(1024 * 1024 + 1));
    recorder.capture(new Error('another'), 'command');
    expect(statSync(path).size).toBe(1024 * 1024 + 1);
  });
});

test('what is no whole line of ours is passed over', () => {
  const { recorder, path, written } = recorderAt();
  recorder.capture(boom(), 'command');
  const line = readFileSync(path, 'utf8');
  const forged = { ...(JSON.parse(line) as ErrorOccurrence), origin: 'elsewhere' };
  writeFileSync(path, `${line}{"half":\nnull\n${JSON.stringify(forged)}\n${line.slice(0, 50)}`);
  expect(written()).toHaveLength(1);
});
