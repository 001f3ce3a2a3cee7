import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fingerprintOf } from '../../source/domain/error-fingerprint.ts';

const names = ['save', 'listViews', 'Store.open', 'async harvest', 'new Chain'];
const files = ['source/store/views.ts', 'source/pipeline/harvest.ts', 'source/tui/model/app.ts'];
const frame = fc.record({ name: fc.constantFrom(...names), file: fc.constantFrom(...files) });
type Frame = { readonly name: string; readonly file: string };

const line = fc.nat(9_999);
/** What differs from one time to the next within a message. */
const id = fc.oneof(
  fc.uuid(),
  fc.nat().map(String),
  fc.constantFrom('1.234', '12:04:05', '0f3a9c2e77b1d4aa'),
);
const path = fc.constantFrom('/home/ann/acme/a.db', '/var/lib/x', '[path]', '/tmp/q.sqlite');
const address = fc.constantFrom('https://example.org/a', 'https://status.example.com/api/v2/x');

const stackOf = (frames: readonly Frame[], lines: readonly number[]) =>
  frames
    .map(({ name, file }, index) => `at ${name} (${file}:${lines[index] ?? 1}:${lines[index + 1] ?? 2})`)
    .join('\n');
const error = (message: string, stack: string, type = 'TypeError') => ({ type, code: null, message, stack });
const message = ([number, where, url]: readonly string[]) =>
  `row ${number} of ${where} from ${url} is broken`;

describe('the fingerprint of an error', () => {
  test('is the same whatever the line numbers, ids, paths and addresses are', () => {
    const varying = fc.record({
      parts: fc.tuple(id, path, address),
      lines: fc.array(line, { minLength: 9, maxLength: 9 }),
    });
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 8 }), varying, varying, (frames, one, other) => {
        expect(fingerprintOf(error(message(one.parts), stackOf(frames, one.lines)))).toBe(
          fingerprintOf(error(message(other.parts), stackOf(frames, other.lines))),
        );
      }),
    );
  });

  test('differs when the type, the words or a function of the program differ', () => {
    const words = fc.constantFrom('x is not a function', 'no such table: views', 'the cursor moved back');
    const type = fc.constantFrom('TypeError', 'RangeError', 'SqliteError');
    const thrown = fc.record({ words, type, frames: fc.array(frame, { minLength: 1, maxLength: 6 }) });
    fc.assert(
      fc.property(thrown, thrown, (one, other) => {
        const said = ({ words: text, type: of, frames }: typeof one) =>
          fingerprintOf(error(text, stackOf(frames, []), of));
        expect(said(one) === said(other)).toBe(JSON.stringify(one) === JSON.stringify(other));
      }),
    );
  });

  test('leaves out what is not of the program, and how the bundler named things', () => {
    const one =
      'at listViews2 (dist/chunk-AB12CD34.js:10:2)\nat run (node_modules/x/index.js:1:1)\nat node:internal/a:1:2';
    const other = 'at listViews (dist/main-ZZ99.js:77:2)\nat other (node_modules/y/index.js:4:1)';
    expect(fingerprintOf(error('broken', one))).toBe(fingerprintOf(error('broken', other)));
  });

  test('does not look at what caused the error', () => {
    const stack = 'at save (source/a.ts:1:2)';
    expect(fingerprintOf(error('broken', `${stack}\ncaused by Error: one\nat x (source/b.ts:1:1)`))).toBe(
      fingerprintOf(error('broken', stack)),
    );
  });
});
