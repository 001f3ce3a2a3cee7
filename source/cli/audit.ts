import type { AuditEntry } from '../domain/access.ts';
import { exitCodes } from '../errors.ts';
import { defineCommand } from './command.ts';
import { type Column, printJson, printNote, printRows } from './print.ts';

const usualLimit = 50;

const columns: readonly Column<AuditEntry>[] = [
  { title: 'WHEN', text: ({ at }) => new Date(at).toISOString() },
  { title: 'WHO', text: ({ actor }) => actor },
  { title: 'VIA', text: ({ via }) => via },
  { title: 'WHAT', text: ({ action, target }) => (target === null ? action : `${action} ${target}`) },
  { title: 'AFTER', flexible: true, text: ({ after }) => (after === null ? '-' : JSON.stringify(after)) },
];

export const auditCommand = defineCommand({
  name: 'audit',
  summary: 'Who changed what: over the HTTP API, and by commands that destroy',
  usage: 'audit [--limit N] [--actor NAME] [--action NAME]',
  details:
    'Newest first. What is decided in the terminal app or by "triage" is in the journal of each signal: "show ID".',
  json: '{ "entries": [{ "id", "at", "actor", "via", "action", "target", "before", "after", "address", "requestId" }] }',
  examples: [
    { command: 'signal-harvester audit', meaning: 'the newest changes' },
    { command: 'signal-harvester audit --actor grafana --json', meaning: 'all that is known of one key' },
  ],
  flags: {
    limit: {
      type: 'integer',
      value: 'N',
      min: 1,
      max: 100_000,
      summary: `At most so many entries (default ${usualLimit})`,
    },
    actor: { type: 'text', value: 'NAME', summary: 'Only what this key (by its name), or cli, did' },
    action: {
      type: 'text',
      value: 'NAME',
      summary: 'Only this: signals.patch, keys.revoke, store.restore, …',
    },
  },
  words: { min: 0, max: 0 },
  async run(context, { flags: { limit = usualLimit, actor, action } }) {
    const { audit } = await context.open();
    const entries = await audit.list({
      limit,
      ...(actor === undefined ? {} : { actor }),
      ...(action === undefined ? {} : { action }),
    });
    if (context.json) await printJson(context, { entries });
    else if (entries.length === 0) await printNote(context, 'The audit trail has no such entry.');
    else await printRows(context, columns, entries);
    return exitCodes.done;
  },
});
