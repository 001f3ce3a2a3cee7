import type { InvalidConfig } from '../config/invalid-config.ts';
import { exitCodes, UserError } from '../errors.ts';
import { chooseAction } from './actions.ts';
import { type CommandContext, defineCommand } from './command.ts';
import { exampleConfig } from './config-example.ts';
import { printJson, printText } from './print.ts';

export const configCommand = defineCommand({
  name: 'config',
  summary: 'Check or show the configuration, or print its schema or an example',
  usage: 'config check|show|schema|example',
  details: `check    reads the file, all its profiles and the environment; lists every mistake
show     prints what is in force after profile and environment, secrets left out
schema   prints a JSON Schema of the file, for editors
example  prints every option, explained, with its default`,
  json: 'check { "ok", "path", "profile", "mistakes": [...] }; show { "path", "profile", "config", "secrets" }; schema is JSON anyway; example { "yaml" }',
  examples: [
    { command: 'signal-harvester config check', meaning: 'exit 0 when there is no mistake, else 2' },
    {
      command: 'signal-harvester config show --profile production',
      meaning: 'what that profile makes of it',
    },
    {
      command: 'signal-harvester config schema > config.schema.json',
      meaning: 'for completion in an editor',
    },
    { command: 'signal-harvester config example | less', meaning: 'what can be set, and what it means' },
  ],
  flags: {},
  words: { min: 1, max: 1 },
  async run(context, { words }) {
    switch (chooseAction('config', words[0], ['check', 'show', 'schema', 'example'])) {
      case 'check':
        return checkConfig(context);
      case 'show': {
        const { shown, yaml } = await context.shownConfig();
        await (context.json ? printJson(context, shown) : printText(context, yaml));
        return exitCodes.done;
      }
      case 'schema':
        await printJson(context, await context.configSchema());
        return exitCodes.done;
      case 'example': {
        const yaml = exampleConfig();
        await (context.json ? printJson(context, { yaml }) : printText(context, yaml));
        return exitCodes.done;
      }
    }
  },
});

async function checkConfig(context: CommandContext) {
  try {
    const { path, profile } = await context.loaded();
    if (context.json) await printJson(context, { ok: true, path, profile, mistakes: [] });
    else if (path === null)
      await printText(context, 'There is no configuration file; the defaults and the environment are valid.');
    else
      await printText(context, `${path} is valid${profile === null ? '' : ` with the profile ${profile}`}.`);
    return exitCodes.done;
  } catch (error) {
    if (!context.json || !isInvalidConfig(error)) throw error;
    await printJson(context, { ok: false, path: null, profile: null, mistakes: error.mistakes });
    return exitCodes.usage;
  }
}

function isInvalidConfig(error: unknown): error is InvalidConfig {
  return error instanceof UserError && error.code === 'invalid-config' && 'mistakes' in error;
}
