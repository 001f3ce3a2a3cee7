import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readFlagValue, timeOf } from '../../source/cli/flag-value.ts';

const read = (text: string) => readFlagValue('since', { type: 'moment', summary: '' }, [text]);
const now = Date.UTC(2026, 10, 22, 12);
const hour = 3_600_000;

describe('a moment', () => {
  it.each([
    ['90m', now - 1.5 * hour],
    ['7d', now - 168 * hour],
    ['1.5 H', now - 1.5 * hour],
    ['2026-11-20', Date.UTC(2026, 10, 20)],
    ['2026-11-20T08:30', Date.UTC(2026, 10, 20, 8, 30)],
    ['2026-11-20 08:30:15', Date.UTC(2026, 10, 20, 8, 30, 15)],
    ['2026-11-20T08:30:15.5z', Date.UTC(2026, 10, 20, 8, 30, 15, 500)],
    ['2026-11-20T08:30+02:00', Date.UTC(2026, 10, 20, 6, 30)],
    ['99999w', 0],
  ])('is read from "%s"', (text, at) => {
    expect(timeOf('since', read(text) as { at: number }, now)).toBe(at);
  });

  it.each(['7', 'd', 'yesterday', '-7d', '2026-02-31', '2026-13-01', '2026-11-20T25:00', '20.11.2026'])(
    'is not "%s"',
    (text) => {
      expect(() => read(text)).toThrow(expect.objectContaining({ code: 'invalid-flag' }));
    },
  );

  it('lies in the past', () => {
    expect(() => timeOf('since', { at: now + 1 }, now)).toThrow(/yet to come/);
  });

  it('is never an error without a fix, whatever is typed', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (text) => {
        try {
          read(text);
        } catch (error) {
          expect(error).toMatchObject({ code: 'invalid-flag', fix: expect.stringMatching(/\S/) });
        }
      }),
    );
  });
});
