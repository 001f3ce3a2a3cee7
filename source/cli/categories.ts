import { nearestTo } from '../domain/nearest-word.ts';
import { UserError } from '../errors.ts';
import type { CommandContext } from './command.ts';
import { visible } from './print.ts';

/**
 * Refuses a category that nobody can have meant: it is not in the taxonomy, and
 * no signal has it from an earlier one.
 */
export async function checkCategories(context: CommandContext, asked: readonly string[]): Promise<void> {
  if (asked.length === 0) return;
  const { config } = await context.loaded();
  const ids = config.taxonomy.map(({ id }) => id);
  for (const category of asked) {
    if (ids.includes(category)) continue;
    const harvester = await context.open();
    if ((await harvester.signals.count({ categories: [category] })).count > 0) continue;
    const nearest = nearestTo(category, ids);
    throw new UserError('invalid-flag', `--category does not take "${visible(category)}".`, {
      fix: `Use one of ${ids.join(', ')}${nearest === null ? '' : ` (did you mean ${nearest}?)`}.`,
    });
  }
}
