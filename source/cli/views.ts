import { stringify } from 'yaml';
import { exitCodes, UserError } from '../errors.ts';
import type { Harvester } from '../harvester/harvester.ts';
import type { ListedView } from '../harvester/views.ts';
import { chooseAction } from './actions.ts';
import { noteChange } from './audit-note.ts';
import { type CommandContext, defineCommand } from './command.ts';
import { type Column, printJson, printNote, printRows, printText } from './print.ts';

export const viewsCommand = defineCommand({
  name: 'views',
  summary: 'List, save, rename, remove or export views: searches with a name',
  usage: 'views list | save NAME QUERY | rename NAME NEW-NAME | remove NAME | export',
  details: `list    every view with how many signals it shows (10000+ is "at least")
save    adds a view, or changes the search of the one of that name; docs/search.md has the language
rename  gives a saved view another name
remove  shows what it would remove, and removes it with --force
export  prints the views of the configuration and the saved ones as YAML, for the configuration file

In a pipe, "list" is one line a view with tabs between: name, count, origin (built-in, config or stored), search.`,
  json: 'list { "views": [{ "name", "query", "origin", "count": { "count", "capped" }, "problem" }] }; save and rename { "name" }; remove { "name", "removed" }; export { "views": [{ "name", "query" }] }',
  examples: [
    { command: 'signal-harvester views list', meaning: 'all of them, with counts' },
    {
      command: "signal-harvester views save Logins 'tag:login is:open sort:newest'",
      meaning: 'keep a search under a name',
    },
    { command: 'signal-harvester views export >> config.yaml', meaning: 'share the saved ones by the file' },
  ],
  flags: { force: { type: 'boolean', summary: 'Do what "remove" would do' } },
  words: { min: 1, max: 100 },
  reads: true,
  async run(context, { words, flags }) {
    const [action, name, ...rest] = words;
    const harvester = await context.open();
    switch (chooseAction('views', action, ['list', 'save', 'rename', 'remove', 'export'])) {
      case 'list':
        expectNothing('list', name);
        await printViews(context, await harvester.views.list());
        return exitCodes.done;
      case 'save': {
        const query = rest.join(' ');
        if (name === undefined || query.trim() === '') throw usage('"views save" needs a name and a search.');
        const before = await queryOf(harvester, name);
        await harvester.views.save({ name, query });
        await noteChange(context, { action: 'views.save', target: name.trim(), before, after: query });
        return told(context, { name: name.trim() }, `Saved the view ${name.trim()}.`);
      }
      case 'rename': {
        const [to, more] = rest;
        if (name === undefined || to === undefined) throw usage('"views rename" needs a name and a new one.');
        expectNothing('rename', more);
        await harvester.views.rename(name, to);
        await noteChange(context, {
          action: 'views.rename',
          target: to.trim(),
          before: name,
          after: to.trim(),
        });
        return told(context, { name: to.trim() }, `The view ${name} is named ${to.trim()} now.`);
      }
      case 'remove': {
        if (name === undefined) throw usage('"views remove" needs the name of a view.');
        expectNothing('remove', rest[0]);
        const view = (await harvester.views.list()).find((each) => each.name === name);
        if (view?.origin === 'stored' && !flags.force) {
          const plan = `This would remove the view ${name} (${view.query}); --force does it.`;
          return told(context, { name, removed: false }, plan);
        }
        await harvester.views.remove(name);
        await noteChange(context, { action: 'views.remove', target: name, before: view?.query ?? null });
        return told(context, { name, removed: true }, `Removed the view ${name}.`);
      }
      case 'export': {
        expectNothing('export', name);
        const views = (await harvester.views.list())
          .filter(({ origin }) => origin !== 'built-in')
          .map((view) => ({ name: view.name, query: view.query }));
        if (context.json) await printJson(context, { views });
        else await printText(context, stringify({ views }, { lineWidth: 0 }));
        return exitCodes.done;
      }
    }
  },
});

async function queryOf({ views }: Pick<Harvester, 'views'>, name: string): Promise<string | null> {
  return (await views.list()).find((each) => each.name === name.trim())?.query ?? null;
}

async function printViews(context: CommandContext, views: readonly ListedView[]): Promise<void> {
  if (context.json) return printJson(context, { views });
  const columns = [
    { title: 'VIEW', text: ({ name }) => name },
    { title: 'SIGNALS', align: 'right', text: describeCount },
    { title: 'ORIGIN', text: ({ origin }) => origin },
    { title: 'SEARCH', flexible: true, text: ({ query }) => query },
  ] satisfies readonly Column<ListedView>[];
  await printRows<ListedView>(context, columns, views);
  for (const { name, problem } of views) {
    if (problem !== null) await printNote(context, `${name}: ${problem}`);
  }
}

function describeCount({ count }: ListedView): string {
  return count === null ? '?' : `${count.count}${count.capped ? '+' : ''}`;
}

async function told(context: CommandContext, json: object, sentence: string) {
  await (context.json ? printJson(context, json) : printNote(context, sentence));
  return exitCodes.done;
}

function expectNothing(action: string, word: string | undefined): void {
  if (word !== undefined) throw usage(`"views ${action}" does not know what to do with "${word}".`);
}

function usage(problem: string): UserError {
  return new UserError('usage', problem, {
    fix: 'Run "signal-harvester help views" for examples; a name or search with spaces needs quotes.',
  });
}
