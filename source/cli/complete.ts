import { exitCodes } from '../errors.ts';
import { type CommandContext, defineCommand } from './command.ts';
import { type AskedNames, askedNames } from './completion-table.ts';
import { printJson, visible, writeText } from './print.ts';

/**
 * What a shell asks while somebody types. It never says a word of its own: a
 * broken configuration must not write into a half-typed line.
 */
export const completeCommand = defineCommand({
  name: 'complete',
  summary: 'Names for the completions of a shell',
  usage: `complete ${askedNames.join('|')}`,
  json: '{ "names" }',
  examples: [
    { command: 'signal-harvester complete sources', meaning: 'the names of the sources, one a line' },
  ],
  flags: {},
  words: { min: 0, max: 1 },
  hidden: true,
  async run(context, { words }) {
    const asked = askedNames.find((name) => name === words[0]);
    const names = asked === undefined ? [] : await readNames(context, asked).catch(() => []);
    if (context.json) await printJson(context, { names });
    else await writeText(context.stdout, names.map((name) => `${visible(name)}\n`).join(''));
    return exitCodes.done;
  },
});

async function readNames(context: CommandContext, asked: AskedNames): Promise<readonly string[]> {
  switch (asked) {
    case 'views': {
      // Opening a store makes it, or brings its schema forward: not what somebody means who presses Tab.
      const { pending } = await (await context.admin()).status();
      const views =
        pending.length > 0
          ? (await context.loaded()).config.views
          : await (await context.open()).views.list();
      return views.map(({ name }) => name);
    }
    case 'snapshots':
      return (await (await context.keeper()).snapshots.list()).map(({ id }) => id);
    case 'categories':
      return (await context.loaded()).config.taxonomy.map(({ id }) => id);
    default:
      return (await context.loaded()).config[asked].map(({ name }) => name);
  }
}
