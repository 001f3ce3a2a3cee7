import { nearestWord } from './nearest-word.ts';
import type { ScoreSettings } from './score.ts';

/** New values by the name of the setting: `halfLifeHours`, `categories.bug`, `sentiments.negative`. */
export type ScoreChange = Readonly<Record<string, number>>;

export interface ScoreRange {
  readonly min: number;
  readonly max: number;
}

const weight: ScoreRange = { min: 0, max: 1000 };

/** What a category, a sentiment or a source may multiply a score by. */
export const factorRange: ScoreRange = { min: 0.01, max: 100 };

/** What the scalars of the score may be. */
export const scoreRanges = {
  base: { min: 0.01, max: 1000 },
  likes: weight,
  reposts: weight,
  replies: weight,
  quotes: weight,
  echoes: weight,
  urgency: weight,
  cap: { min: 1, max: 100 },
  halfLifeHours: { min: 0.1, max: 8760 },
} as const satisfies Readonly<Record<string, ScoreRange>>;

const scalars = Object.keys(scoreRanges) as readonly (keyof typeof scoreRanges)[];

/** One setting of the score with its present value. */
export interface ScoreSetting extends ScoreRange {
  readonly name: string;
  readonly value: number;
}

/** Every setting by its name: the scalars, then categories in the order of the taxonomy, then sentiments. */
export function listScoreSettings(settings: ScoreSettings): readonly ScoreSetting[] {
  const factors = (group: 'categories' | 'sentiments') =>
    Object.entries<number>(settings[group]).map(([name, value]) => ({
      name: `${group}.${name}`,
      value,
      ...factorRange,
    }));
  return [
    ...scalars.map((name) => ({ name, value: settings[name], ...scoreRanges[name] })),
    ...factors('categories'),
    ...factors('sentiments'),
  ];
}

export interface ScoreChangeProblem {
  readonly message: string;
  readonly fix: string;
}

/** What is wrong with a change of these settings; null when it can be made. */
export function findChangeProblem(settings: ScoreSettings, change: ScoreChange): ScoreChangeProblem | null {
  const known = listScoreSettings(settings);
  for (const [name, value] of Object.entries(change)) {
    const setting = known.find((each) => each.name === name);
    if (setting === undefined) return unknownSetting(name, known);
    if (Number.isFinite(value) && value >= setting.min && value <= setting.max) continue;
    return {
      message: `${name} cannot be ${value}.`,
      fix: `Give it a number from ${setting.min} to ${setting.max}; it is ${setting.value} now.`,
    };
  }
  return null;
}

/** The settings with the change made. Call `findChangeProblem` first: names that are not known are left out. */
export function changeScoreSettings(settings: ScoreSettings, change: ScoreChange): ScoreSettings {
  const within = <Group extends Readonly<Record<string, number>>>(group: Group, prefix: string): Group =>
    Object.fromEntries(
      Object.entries(group).map(([name, value]) => [name, change[`${prefix}${name}`] ?? value]),
    ) as Group;
  return {
    ...within(Object.fromEntries(scalars.map((name) => [name, settings[name]])), ''),
    categories: within(settings.categories, 'categories.'),
    sentiments: within(settings.sentiments, 'sentiments.'),
  } as ScoreSettings;
}

/** The part of a change that changes something. */
export function effectiveChange(settings: ScoreSettings, change: ScoreChange): ScoreChange {
  const known = new Map(listScoreSettings(settings).map(({ name, value }) => [name, value]));
  return Object.fromEntries(Object.entries(change).filter(([name, value]) => known.get(name) !== value));
}

/** The present values of what a change changes: made, it takes the change back. */
export function reverseChange(settings: ScoreSettings, change: ScoreChange): ScoreChange {
  return Object.fromEntries(
    listScoreSettings(settings).flatMap(({ name, value }) => (name in change ? [[name, value]] : [])),
  );
}

/** `halfLifeHours 72, categories.bug 2`. */
export function describeChange(change: ScoreChange): string {
  return Object.entries(change)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
}

function unknownSetting(name: string, known: readonly ScoreSetting[]): ScoreChangeProblem {
  const names = known.map((each) => each.name);
  // "bug" means "categories.bug": nobody else is called that.
  const nearest =
    names.find((each) => each.endsWith(`.${name}`)) ??
    nearestWord(name, names) ??
    names.find(
      (each) => each.includes('.') && nearestWord(name, [each.slice(each.indexOf('.') + 1)]) !== null,
    );
  return {
    message: `The score has no setting "${name}"${nearest === undefined ? '.' : `: did you mean "${nearest}"?`}`,
    fix: `Use one of ${names.join(', ')}.`,
  };
}
