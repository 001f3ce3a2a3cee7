import { setScoreInFile } from '../config/edit-score.ts';
import { variableFor } from '../config/environment.ts';
import type { LoadedConfig } from '../config/load.ts';
import type { ScoreChange } from '../domain/score-settings.ts';
import { UserError } from '../errors.ts';

/** Into the file that the configuration was read from; refuses what would not count there. */
export async function saveScore({ path, profile }: LoadedConfig, change: ScoreChange): Promise<string> {
  if (path === null) {
    throw new UserError('no-config', 'There is no configuration file that the weights could be saved to.', {
      fix: 'Run "signal-harvester init --topic NAME" to make one, then save again.',
    });
  }
  const variable = Object.keys(change)
    .flatMap((name) => ['score', `score.${name.split('.')[0]}`, `score.${name}`])
    .map((setting) => variableFor(setting.split('.')))
    .find((name) => (process.env[name] ?? '') !== '');
  if (variable !== undefined) {
    throw new UserError('setting-overridden', `${variable} is set and wins over the configuration file.`, {
      fix: 'Unset the variable, or change the weight there.',
    });
  }
  await setScoreInFile(path, change, profile);
  return path;
}
