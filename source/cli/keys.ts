import { type ApiKey, type KeyScope, keyFault, keyScopes } from '../domain/access.ts';
import { type ExitCode, exitCodes, UserError } from '../errors.ts';
import type { IssuedKey } from '../harvester/access.ts';
import { chooseAction } from './actions.ts';
import { byCommandLine } from './audit-note.ts';
import { type CommandContext, defineCommand } from './command.ts';
import { type Column, printJson, printNote, printRows, printText, visible } from './print.ts';

const msPerDay = 86_400_000;
const msPerMinute = 60_000;
const defaultOverlapMinutes = 60;
const by = byCommandLine;

export const keysCommand = defineCommand({
  name: 'keys',
  summary: 'Keys of the HTTP API: create, list, rotate, revoke',
  usage: 'keys create|list|rotate|revoke [ID]',
  details: `create  makes a key with --name and --scope; its token is shown this once
list    every key, its scopes, its end and its last use; never a token
rotate  makes a new key in place of ID, which goes on working for --overlap minutes
revoke  ends the key ID; shows its plan, and acts with --force
Scopes: read sees everything but keys, audit trail, usage and feedback; triage
decides about signals; run starts runs and pushes posts; admin does all of it.
triage and run include read.`,
  json: 'create and rotate { "key", "token" }; list { "keys": [{ "id", "name", "scopes", "createdAt", "expiresAt", "lastUsedAt", "revokedAt", "replacedBy", "flags", "subject" }] }; revoke { "plan", "revoked" }',
  examples: [
    {
      command: 'signal-harvester keys create --name grafana --scope read --days 365',
      meaning: 'for a dashboard, for a year',
    },
    { command: 'signal-harvester keys list', meaning: 'which there are, and when each was last used' },
    {
      command: 'signal-harvester keys rotate k3wq7abc --overlap 1440',
      meaning: 'a new one; the old one works for a day',
    },
    { command: 'signal-harvester keys revoke k3wq7abc --force', meaning: 'at once' },
  ],
  flags: {
    name: { type: 'text', value: 'NAME', summary: 'Who acts with it; stands in the journal' },
    scope: { type: 'list', value: 'SCOPE', choices: keyScopes, summary: 'What it may do' },
    days: {
      type: 'number',
      value: 'N',
      min: 0.001,
      max: 36_500,
      summary: 'Days after which it ends (default: never)',
    },
    overlap: {
      type: 'number',
      value: 'MINUTES',
      min: 0,
      max: 525_600,
      summary: `How long the old key works after a rotation (default ${defaultOverlapMinutes})`,
    },
    force: { type: 'boolean', summary: 'Do what revoke plans' },
  },
  words: { min: 1, max: 2 },
  async run(context, { words, flags }) {
    const action = chooseAction('keys', words[0], ['create', 'list', 'rotate', 'revoke']);
    const { keys } = await context.open();
    switch (action) {
      case 'create': {
        const scopes = flags.scope as readonly KeyScope[];
        const expiresAt = flags.days === undefined ? null : Math.round(context.now() + flags.days * msPerDay);
        return tellIssued(context, await keys.create({ name: flags.name ?? '', scopes, expiresAt }, by));
      }
      case 'list':
        return listKeys(context, await keys.list());
      case 'rotate': {
        const overlapMs = (flags.overlap ?? defaultOverlapMinutes) * msPerMinute;
        return tellIssued(context, await keys.rotate(idOf(words), Math.round(overlapMs), by));
      }
      case 'revoke': {
        const id = idOf(words);
        const key = (await keys.list()).find((each) => each.id === id);
        const plan = `End the key ${id}${key === undefined ? '' : ` (${key.name}: ${key.scopes.join(', ')})`} now; whoever uses it is refused from then on.`;
        if (!flags.force && key !== undefined) {
          if (!context.json) await printText(context, `Plan: ${visible(plan)}`);
          throw new UserError('not-forced', 'A key that is revoked stays so; nothing was done.', {
            fix: 'Repeat the command with --force, or use "keys rotate" to replace it without a gap.',
          });
        }
        const revoked = await keys.revoke(id, by);
        if (context.json) await printJson(context, { plan, revoked });
        else await printText(context, `Revoked ${revoked.id} (${revoked.name}).`);
        return exitCodes.done;
      }
    }
  },
});

function idOf(words: readonly string[]): string {
  const id = words[1];
  if (id !== undefined) return id;
  throw new UserError('usage', 'Which key? Its id is missing.', {
    fix: 'Run "signal-harvester keys list" and name the id behind the action.',
  });
}

/** The token alone on stdout, so that a script can take it from there. */
export async function tellIssued(context: CommandContext, issued: IssuedKey): Promise<ExitCode> {
  const { key, token } = issued;
  if (context.json) await printJson(context, issued);
  else {
    const end = key.expiresAt === null ? 'until it is revoked' : `until ${day(key.expiresAt)}`;
    await printNote(
      context,
      `Key ${key.id} for ${key.name} (${key.scopes.join(', ')}), ${end}. It is shown this once:`,
    );
    await printText(context, token);
  }
  return exitCodes.done;
}

async function listKeys(context: CommandContext, keys: readonly ApiKey[]): Promise<ExitCode> {
  if (context.json) await printJson(context, { keys });
  else if (keys.length === 0)
    await printNote(context, 'There is no key yet: "signal-harvester keys create" makes one.');
  else await printRows(context, columns(context.now()), keys);
  return exitCodes.done;
}

function columns(now: number): readonly Column<ApiKey>[] {
  return [
    { title: 'ID', text: ({ id }) => id },
    { title: 'NAME', text: ({ name }) => name },
    { title: 'SCOPES', text: ({ scopes }) => scopes.join(',') },
    { title: 'STATE', text: (key) => stateOf(key, now) },
    { title: 'ENDS', text: ({ expiresAt }) => (expiresAt === null ? '-' : day(expiresAt)) },
    { title: 'LAST USED', text: ({ lastUsedAt }) => (lastUsedAt === null ? 'never' : day(lastUsedAt)) },
  ];
}

function stateOf(key: ApiKey, now: number): string {
  const fault = keyFault(key, now);
  if (fault !== null) return fault;
  return key.replacedBy === null ? 'works' : 'being replaced';
}

function day(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
