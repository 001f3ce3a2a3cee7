import type { ScoreSetting } from '../../domain/score-settings.ts';

/** The next round value of a weight, within its range. */
export function stepWeight(
  { name, min, max }: Pick<ScoreSetting, 'name' | 'min' | 'max'>,
  value: number,
  direction: 1 | -1,
): number {
  // Downwards, the step is that of the values below.
  const size = stepSize(name, direction === 1 ? value : value - 1e-9);
  const steps = value / size;
  const next = direction === 1 ? Math.floor(steps + 1e-9) + 1 : Math.ceil(steps - 1e-9) - 1;
  return Math.min(max, Math.max(min, Math.round(next * size * 100) / 100));
}

function stepSize(name: string, value: number): number {
  if (name === 'halfLifeHours') return value < 12 ? 1 : value < 72 ? 6 : 24;
  if (name === 'cap') return 5;
  if (name.includes('.')) return value < 10 ? 0.1 : 1;
  return value < 10 ? 0.5 : value < 100 ? 5 : 50;
}
