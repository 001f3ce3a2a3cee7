import { exitCodes } from '../errors.ts';
import { chooseAction } from './actions.ts';
import { defineCommand } from './command.ts';
import { bashCompletion } from './completion-bash.ts';
import { fishCompletion } from './completion-fish.ts';
import { completionTable } from './completion-table.ts';
import { zshCompletion } from './completion-zsh.ts';
import { printJson, printText } from './print.ts';

const scripts = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion };

export const completionCommand = defineCommand({
  name: 'completion',
  summary: 'Print a script that completes commands, flags and names in bash, zsh or fish',
  usage: 'completion bash|zsh|fish',
  details: `bash  source <(signal-harvester completion bash)
      in ~/.bashrc
zsh   source <(signal-harvester completion zsh)
      in ~/.zshrc, behind compinit
fish  signal-harvester completion fish > ~/.config/fish/completions/signal-harvester.fish
      once, and after an upgrade

Names of sources, categories, views, rules, notifiers and snapshots are asked of the program while you type, with the --config and the --profile of the line.`,
  json: '{ "shell", "script" }',
  examples: [
    { command: 'source <(signal-harvester completion bash)', meaning: 'in this bash, from now on' },
    {
      command: 'signal-harvester completion fish > ~/.config/fish/completions/signal-harvester.fish',
      meaning: 'in every fish',
    },
  ],
  flags: {},
  words: { min: 1, max: 1 },
  async run(context, { words }) {
    const shell = chooseAction('completion', words[0], ['bash', 'zsh', 'fish']);
    const script = scripts[shell](await completionTable());
    if (context.json) await printJson(context, { shell, script });
    else await printText(context, script);
    return exitCodes.done;
  },
});
