import { type Actor, type KeyScope, keyScopes } from '../domain/access.ts';
import type { StandingInvitation } from '../domain/invitation.ts';
import { type ExitCode, exitCodes, UserError } from '../errors.ts';
import type { InvitationList, IssuedInvitation } from '../harvester/invitations.ts';
import { chooseAction } from './actions.ts';
import { type CommandContext, defineCommand } from './command.ts';
import { tellIssued } from './keys.ts';
import { plural } from './plural.ts';
import { type Column, printJson, printNote, printRows, printText, visible } from './print.ts';

const by: Actor = { actor: 'cli', via: 'cli' };
const msPerDay = 86_400_000;
const usualDays = 14;
const usualKeyDays = 90;

export const inviteCommand = defineCommand({
  name: 'invite',
  summary: 'Beta users: one-time codes that become keys of the HTTP API',
  usage: 'invite create|list|redeem|revoke [CODE|ID]',
  details: `create  makes a code for a key with --scope and --flag; it is shown this once
list    every invitation and its status, with counts; never a code
redeem  makes CODE a key, once, and shows its token; so does
        POST /v1/invitations/redeem
revoke  ends the invitation ID: its code, or the key that it became; shows its
        plan, and acts with --force
The note says what an invitation is for. Keep names and addresses out of it:
what is not in the store cannot leak from there.`,
  json: 'create { "invitation", "code", "ineffective": [NAME, ...] }; list { "invitations": [{ "id", "note", "scopes", "flags", "keyLifeMs", "createdAt", "createdBy", "expiresAt", "redeemedAt", "revokedAt", "keyId", "status" }], "counts": { "pending", "active", "expired", "revoked" } }; redeem { "key", "token" }; revoke { "plan", "invitation", "keys" }',
  examples: [
    {
      command:
        'signal-harvester invite create --scope triage --flag live-events=on --note "support, first wave"',
      meaning: `a code for ${usualDays} days; its key works for ${usualKeyDays}`,
    },
    { command: 'signal-harvester invite list', meaning: 'who has come in, and who has not' },
    {
      command: 'signal-harvester invite redeem SHI-7QJ2-…',
      meaning: 'the code as a key; no second time',
    },
    { command: 'signal-harvester invite revoke 7QJ2 --force', meaning: 'the code, or its key, at once' },
  ],
  flags: {
    scope: { type: 'list', value: 'SCOPE', choices: keyScopes, summary: 'What the key may do' },
    flag: {
      type: 'list',
      value: 'NAME=on|off',
      commas: true,
      summary: 'A feature flag of the key; several with commas',
    },
    days: {
      type: 'number',
      value: 'N',
      min: 0.001,
      max: 3650,
      summary: `Days in which the code can be redeemed (default ${usualDays})`,
    },
    keyDays: {
      type: 'number',
      value: 'N',
      min: 0.001,
      max: 36_500,
      summary: `Days that the key works, from redeeming (default ${usualKeyDays})`,
    },
    note: { type: 'text', value: 'TEXT', summary: 'What it is for; no names, no addresses' },
    force: { type: 'boolean', summary: 'Do what revoke plans' },
  },
  words: { min: 1, max: 2 },
  async run(context, { words, flags }) {
    const action = chooseAction('invite', words[0], ['create', 'list', 'redeem', 'revoke']);
    const { invitations } = await context.open();
    switch (action) {
      case 'create': {
        const issued = await invitations.create(
          {
            note: flags.note ?? '',
            scopes: flags.scope as readonly KeyScope[],
            flags: readFlags(flags.flag),
            keyLifeMs: Math.round((flags.keyDays ?? usualKeyDays) * msPerDay),
            expiresAt: Math.round(context.now() + (flags.days ?? usualDays) * msPerDay),
          },
          by,
        );
        return tellInvitation(context, issued);
      }
      case 'list':
        return listInvitations(context, await invitations.list());
      case 'redeem':
        return tellIssued(context, await invitations.redeem(wordOf(words, 'Its code'), by));
      case 'revoke': {
        const id = wordOf(words, 'Its id');
        const found = (await invitations.list()).invitations.find((each) => each.id === id.toUpperCase());
        const works = found?.status === 'pending' || found?.status === 'active';
        const plan = found === undefined ? null : planOf(found);
        if (!flags.force && works && plan !== null) {
          if (!context.json) await printText(context, `Plan: ${plan}`);
          throw new UserError('not-forced', 'An invitation that is revoked stays so; nothing was done.', {
            fix: 'Repeat the command with --force.',
          });
        }
        const revoked = await invitations.revoke(id, by);
        if (context.json) await printJson(context, { plan, ...revoked });
        else await printText(context, describeRevoked(revoked.invitation, revoked.keys));
        return exitCodes.done;
      }
    }
  },
});

function planOf({ id, status, keyId, note }: StandingInvitation): string {
  const name = `invitation ${id}${note === '' ? '' : ` (${visible(note)})`}`;
  return status === 'active'
    ? `End the key ${keyId} that ${name} became; whoever uses it is refused from then on.`
    : `End the code of ${name}, which nobody has redeemed.`;
}

function describeRevoked({ id }: StandingInvitation, keys: readonly string[]): string {
  return keys.length === 0
    ? `Revoked the invitation ${id}: its code cannot be redeemed.`
    : `Revoked the invitation ${id} and its ${plural(keys.length, 'key')} ${keys.join(', ')}.`;
}

/** "near-duplicates=off"; a name alone means on. */
function readFlags(asked: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    asked.map((each) => {
      const [name = '', state = 'on'] = each.split('=', 2);
      return [name.trim(), state.trim()];
    }),
  );
}

function wordOf(words: readonly string[], what: string): string {
  const word = words[1];
  if (word !== undefined) return word;
  throw new UserError('usage', `Which invitation? ${what} is missing.`, {
    fix: 'Run "signal-harvester invite --help".',
  });
}

/** The code alone on stdout, so that a script can take it from there. */
async function tellInvitation(context: CommandContext, issued: IssuedInvitation): Promise<ExitCode> {
  const { invitation, code } = issued;
  if (context.json) await printJson(context, issued);
  else {
    await printNote(
      context,
      `Invitation ${invitation.id} (${invitation.scopes.join(', ')}), until ${minute(invitation.expiresAt)}. Its code is shown this once:`,
    );
    await printText(context, code);
    for (const name of issued.ineffective)
      await printNote(
        context,
        `note: ${name} has no effect for one key: runs work for the whole installation.`,
      );
  }
  return exitCodes.done;
}

async function listInvitations(
  context: CommandContext,
  { invitations, counts }: InvitationList,
): Promise<ExitCode> {
  if (context.json) {
    await printJson(context, { invitations, counts });
    return exitCodes.done;
  }
  if (invitations.length > 0) await printRows(context, columns, invitations);
  await printNote(
    context,
    invitations.length === 0
      ? 'There is no invitation yet: "signal-harvester invite create" makes one.'
      : Object.entries(counts)
          .map(([status, count]) => `${count} ${status}`)
          .join(', '),
  );
  return exitCodes.done;
}

const columns: readonly Column<StandingInvitation>[] = [
  { title: 'ID', text: ({ id }) => id },
  { title: 'STATUS', text: ({ status }) => status },
  { title: 'SCOPES', text: ({ scopes }) => scopes.join(',') },
  { title: 'FLAGS', text: ({ flags }) => describeFlags(flags) },
  { title: 'CODE ENDS', text: ({ expiresAt }) => minute(expiresAt) },
  { title: 'KEY', text: ({ keyId }) => keyId ?? '-' },
  { title: 'NOTE', flexible: true, text: ({ note }) => note },
];

function describeFlags(flags: StandingInvitation['flags']): string {
  const words = Object.entries(flags).map(([name, state]) => `${name}=${state}`);
  return words.length === 0 ? '-' : words.join(',');
}

function minute(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
