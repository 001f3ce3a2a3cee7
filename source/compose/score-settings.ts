import type { LoadedConfig } from '../config/load.ts';
import type { ScoreSettings } from '../domain/score.ts';
import { categoryBoosts } from '../domain/taxonomy.ts';

export function scoreSettings({ config }: LoadedConfig): ScoreSettings {
  return { ...config.score, categories: categoryBoosts(config.taxonomy, config.score.categories) };
}
