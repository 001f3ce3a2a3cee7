import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ScoreSettings } from '../../source/domain/score.ts';
import {
  changeScoreSettings,
  describeChange,
  effectiveChange,
  factorRange,
  findChangeProblem,
  listScoreSettings,
  reverseChange,
  scoreRanges,
} from '../../source/domain/score-settings.ts';

const settings: ScoreSettings = {
  base: 1,
  likes: 1,
  reposts: 3,
  replies: 2,
  quotes: 2.5,
  echoes: 3,
  urgency: 4,
  cap: 100,
  halfLifeHours: 24,
  categories: { outage: 2, bug: 1.3, 'feature-request': 1 },
  sentiments: { negative: 1.2, neutral: 0.9, positive: 1 },
};

const names = [
  'base',
  'likes',
  'reposts',
  'replies',
  'quotes',
  'echoes',
  'urgency',
  'cap',
  'halfLifeHours',
  'categories.outage',
  'categories.bug',
  'categories.feature-request',
  'sentiments.negative',
  'sentiments.neutral',
  'sentiments.positive',
];

const changes = fc.dictionary(fc.constantFrom(...names), fc.integer({ min: 1, max: 80 }));

test('all settings of the score are listed: scalars, categories, sentiments, each with its range', () => {
  const listed = listScoreSettings(settings);
  expect(listed.map(({ name }) => name)).toEqual(names);
  expect(listed.find(({ name }) => name === 'halfLifeHours')).toEqual({
    name: 'halfLifeHours',
    value: 24,
    ...scoreRanges.halfLifeHours,
  });
  expect(listed.find(({ name }) => name === 'categories.bug')).toEqual({
    name: 'categories.bug',
    value: 1.3,
    ...factorRange,
  });
});

describe('a change of the score', () => {
  test('changes what it names and nothing else', () => {
    fc.assert(
      fc.property(changes, (change) => {
        const changed = changeScoreSettings(settings, change);
        for (const { name, value } of listScoreSettings(changed)) {
          const before = listScoreSettings(settings).find((each) => each.name === name);
          expect(value).toBe(change[name] ?? before?.value);
        }
        expect(Object.keys(changed).sort()).toEqual(Object.keys(settings).sort());
      }),
    );
  });

  test('is taken back by its reverse', () => {
    fc.assert(
      fc.property(changes, (change) => {
        const reverse = reverseChange(settings, change);
        expect(Object.keys(reverse).sort()).toEqual(Object.keys(change).sort());
        expect(changeScoreSettings(changeScoreSettings(settings, change), reverse)).toEqual(settings);
      }),
    );
  });

  test('is only what differs from what is set', () => {
    expect(effectiveChange(settings, { likes: 1, reposts: 4, 'categories.bug': 1.3 })).toEqual({
      reposts: 4,
    });
  });

  test('is named as it is written', () => {
    expect(describeChange({ halfLifeHours: 72, 'categories.bug': 2 })).toBe(
      'halfLifeHours 72, categories.bug 2',
    );
  });

  test.each([
    { likes: 0 },
    { likes: 1000 },
    { base: 0.01 },
    { cap: 1, halfLifeHours: 8760 },
    { 'categories.bug': 0.01, 'sentiments.neutral': 100 },
    {},
  ])('may be %j', (change) => {
    expect(findChangeProblem(settings, change)).toBeNull();
  });

  test.each([
    [{ likes: -0.1 }, 'likes cannot be -0.1.', 'Give it a number from 0 to 1000; it is 1 now.'],
    [{ reposts: 1, cap: 100.5 }, 'cap cannot be 100.5.', 'Give it a number from 1 to 100; it is 100 now.'],
    [{ base: 0 }, 'base cannot be 0.', 'Give it a number from 0.01 to 1000; it is 1 now.'],
    [
      { 'categories.bug': Number.NaN },
      'categories.bug cannot be NaN.',
      'Give it a number from 0.01 to 100; it is 1.3 now.',
    ],
    [
      { halfLifeHours: Number.POSITIVE_INFINITY },
      'halfLifeHours cannot be Infinity.',
      'Give it a number from 0.1 to 8760; it is 24 now.',
    ],
  ])('cannot be %j', (change, message, fix) => {
    expect(findChangeProblem(settings, change)).toEqual({ message, fix });
  });

  test.each([
    ['bug', 'The score has no setting "bug": did you mean "categories.bug"?'],
    ['negative', 'The score has no setting "negative": did you mean "sentiments.negative"?'],
    ['halfLifeHour', 'The score has no setting "halfLifeHour": did you mean "halfLifeHours"?'],
    ['outtage', 'The score has no setting "outtage": did you mean "categories.outage"?'],
    ['weather', 'The score has no setting "weather".'],
  ])('of %s is answered with the nearest name', (name, message) => {
    expect(findChangeProblem(settings, { [name]: 2 })).toEqual({
      message,
      fix: `Use one of ${names.join(', ')}.`,
    });
  });
});
