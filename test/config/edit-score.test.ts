import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { setScore, setScoreInFile } from '../../source/config/edit-score.ts';
import { makeFolder } from './folder.ts';

const commented = `# mine
topic: acme   # what we sell

score:        # weights
  halfLifeHours: 24   # a day
  categories:
    outage: 3

  # the end of it
log: { level: warn }
`;

describe('weights are set', () => {
  it('in the place of the old number, with every other byte kept', () => {
    expect(setScore(commented, { halfLifeHours: 72 })).toBe(
      commented.replace('halfLifeHours: 24 ', 'halfLifeHours: 72 '),
    );
  });

  it('on lines of their own in the mapping that is there', () => {
    expect(setScore(commented, { 'categories.bug': 2, likes: 0.5 })).toBe(
      commented.replace('    outage: 3\n', '    outage: 3\n    bug: 2\n  likes: 0.5\n'),
    );
  });

  it.each([
    ['', 'score:\n  halfLifeHours: 72\n'],
    ['# nothing yet', '# nothing yet\nscore:\n  halfLifeHours: 72\n'],
    ['topic: a\n', 'topic: a\nscore:\n  halfLifeHours: 72\n'],
    ['score:\ntopic: a\n', 'score:\n  halfLifeHours: 72\ntopic: a\n'],
    ['score: # none\ntopic: a\n', 'score: # none\n  halfLifeHours: 72\ntopic: a\n'],
    ['score: {}\n', 'score: { halfLifeHours: 72 }\n'],
    ['score: { likes: 2 } # x\n', 'score: { likes: 2, halfLifeHours: 72 } # x\n'],
    ['score:\n  halfLifeHours:\n', 'score:\n  halfLifeHours: 72\n'],
    ['score:\n  halfLifeHours: # later\n', 'score:\n  halfLifeHours: 72 # later\n'],
    ['score:\r\n  likes: 2\r\n', 'score:\r\n  likes: 2\r\n  halfLifeHours: 72\r\n'],
  ])('in %j', (before, after) => {
    expect(setScore(before, { halfLifeHours: 72 })).toBe(after);
  });

  it('where the profile in force has one of its own, and else for all', () => {
    const text = 'score:\n  likes: 2\nprofiles:\n  p:\n    score: { likes: 3 }\n';
    expect(setScore(text, { likes: 4, reposts: 5 }, 'p')).toBe(
      'score:\n  likes: 2\n  reposts: 5\nprofiles:\n  p:\n    score: { likes: 4 }\n',
    );
  });

  it('in the example, which keeps every line', () => {
    const example = readFileSync(new URL('../../config.example.yaml', import.meta.url), 'utf8');
    const edited = setScore(example, { halfLifeHours: 73, 'sentiments.negative': 1.7 });
    expect(parse(edited)).toMatchObject({ score: { halfLifeHours: 73, sentiments: { negative: 1.7 } } });
    const old = example.split('\n');
    const kept = edited.split('\n').filter((line) => old.includes(line));
    expect(kept.length).toBeGreaterThanOrEqual(old.length - 2);
  });

  it('never in a file that is broken, nor where others would change with it', () => {
    for (const text of ['a: [', 'score: 7\n', 'score: [1]\n'])
      expect(() => setScore(text, { likes: 2 })).toThrow(
        expect.objectContaining({ code: 'config-not-editable' }),
      );
    const shared = 'score:\n  categories: &c { bug: 2 }\n  likes: 1\nother: *c\n';
    expect(() => setScore(shared, { 'categories.bug': 3 })).toThrow(
      expect.objectContaining({ code: 'config-not-editable' }),
    );
  });

  it('so that the file says it, whatever was set before', () => {
    const names = fc.constantFrom(
      'likes',
      'cap',
      'categories.bug',
      'categories.own-one',
      'sentiments.neutral',
    );
    const values = fc.integer({ min: 1, max: 9999 }).map((hundredths) => hundredths / 100);
    fc.assert(
      fc.property(fc.array(fc.tuple(names, values), { minLength: 1, maxLength: 8 }), (steps) => {
        const edited = steps.reduce((text, [name, value]) => setScore(text, { [name]: value }), commented);
        const { score } = parse(edited) as { score: Record<string, unknown> };
        for (const [name, value] of new Map(steps)) {
          const [group = '', member] = name.split('.');
          const found =
            member === undefined ? score[group] : (score[group] as Record<string, unknown>)[member];
          expect(found).toBe(value);
        }
        for (const line of commented.split('\n')) expect(edited).toContain(line);
      }),
    );
  });

  it('in the file itself', async () => {
    const folder = makeFolder({ 'config.yaml': commented });
    await setScoreInFile(join(folder, 'config.yaml'), { 'categories.outage': 4 }, null);
    expect(readFileSync(join(folder, 'config.yaml'), 'utf8')).toBe(
      commented.replace('outage: 3', 'outage: 4'),
    );
  });
});
