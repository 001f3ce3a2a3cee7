import { type DeliveryState, deliveryStates } from '../domain/delivery.ts';
import { type ExitCode, exitCodes, UserError } from '../errors.ts';
import type { SendReport } from '../harvester/notifications.ts';
import { type CommandContext, defineCommand } from './command.ts';
import { plural } from './plural.ts';
import { type Column, printJson, printNote, printRows, printText, visible } from './print.ts';
import { formatAge } from './signal-columns.ts';

const defaultLimit = 50;

export const notifyCommand = defineCommand({
  name: 'notify',
  summary: 'Tell what the rules say and send what is due; or list, retry and preview messages',
  usage: 'notify [--dry-run | --list | --retry [ID...] | --digest RULE | --test NOTIFIER]',
  details:
    'Without a flag: looks at every rule, writes down what is new and sends what is due; "run" does the same at its end. Every message is in a ledger before it is sent, so nothing is lost when the program is ended, and no signal is told twice to one notifier.\nEnds with 3 when something could not be sent. With --list in a pipe, one line a message with tabs between: id, state, notifier, rule, kind, signal, tries, time, reference, last error.',
  json: '{ "planned", "sent", "failures", "waiting", "dead", "warnings" }; --dry-run { "messages": [{ "notifier", "rule", "kind", "signalId", "at", "subject", "text" }], "heldBack", "problems" }; --list { "deliveries": [{ ..., "tries": [{ "at", "endedAt", "answer" }] }] }; --retry { "retried", ... }',
  examples: [
    { command: 'signal-harvester notify --dry-run', meaning: 'what would be sent now, and to whom' },
    { command: 'signal-harvester notify', meaning: 'send it' },
    { command: 'signal-harvester notify --list --state dead', meaning: 'what was given up, and why' },
    { command: 'signal-harvester notify --retry', meaning: 'try all of that again' },
    { command: 'signal-harvester notify --test team', meaning: 'does a message arrive there?' },
  ],
  flags: {
    dryRun: { type: 'boolean', summary: 'Print what would be sent; write and send nothing' },
    list: { type: 'boolean', summary: 'Print the ledger, newest first' },
    state: {
      type: 'list',
      value: 'STATE',
      choices: deliveryStates,
      summary: 'With --list: only these',
    },
    limit: {
      type: 'integer',
      value: 'N',
      min: 1,
      max: 10_000,
      summary: `With --list: how many (default ${defaultLimit})`,
    },
    retry: { type: 'boolean', summary: 'Send what failed or was given up once more: these ids, or all' },
    digest: { type: 'text', value: 'RULE', summary: 'Send the digest of a rule now, out of turn' },
    test: { type: 'text', value: 'NOTIFIER', summary: 'Send a message that says that nothing has happened' },
  },
  words: { min: 0, max: 1_000 },
  async run(context, { words, flags }) {
    const asked = [
      flags.dryRun,
      flags.list,
      flags.retry,
      flags.digest !== undefined,
      flags.test !== undefined,
    ].filter(Boolean).length;
    if (asked > 1) throw usage('"notify" does one thing at a time.');
    if (words.length > 0 && !flags.retry)
      throw usage(`"notify" does not know what to do with "${words[0]}".`);
    if ((flags.state.length > 0 || flags.limit !== undefined) && !flags.list) {
      throw usage('--state and --limit belong to --list.');
    }
    const { notifications } = await context.open();
    if (flags.dryRun) return preview(context);
    if (flags.list)
      return list(context, flags.state as readonly DeliveryState[], flags.limit ?? defaultLimit);
    if (flags.test !== undefined) {
      await notifications.trial(flags.test);
      if (context.json) await printJson(context, { sent: 1 });
      else await printNote(context, `A message was sent to ${flags.test}. Look whether it is there.`);
      return exitCodes.done;
    }
    if (flags.digest !== undefined) return report(context, await notifications.digest(flags.digest));
    const retried = flags.retry
      ? await notifications.retry(words.length === 0 ? null : words.map(idOf))
      : undefined;
    const onProgress = (warning: string) => {
      if (!context.json) context.stderr.write(`warning: ${visible(warning)}\n`);
    };
    return report(context, await notifications.send({ signal: context.signal, onProgress }), retried);
  },
});

async function report(context: CommandContext, sent: SendReport, retried?: number): Promise<ExitCode> {
  if (context.json) await printJson(context, { ...sent, ...(retried === undefined ? {} : { retried }) });
  else {
    const parts = [
      ...(retried === undefined ? [] : [`${plural(retried, 'message')} tried again`]),
      `${sent.sent} sent`,
      ...(sent.waiting > 0 ? [`${sent.waiting} waiting`] : []),
      ...(sent.dead > 0 ? [`${sent.dead} given up: see "signal-harvester notify --list --state dead"`] : []),
    ];
    await printNote(context, parts.join(', '));
  }
  return sent.failures > 0 ? exitCodes.partial : exitCodes.done;
}

async function preview(context: CommandContext): Promise<ExitCode> {
  const { notifications } = await context.open();
  const { messages, heldBack, problems } = await notifications.preview();
  if (context.json) {
    await printJson(context, { messages, heldBack, problems });
    return exitCodes.done;
  }
  const now = context.now();
  for (const { notifier, rule, kind, at, text } of messages) {
    const when = at > now ? `, put off until ${new Date(at).toISOString()}` : '';
    await printText(context, `--- ${notifier}: ${kind}, rule ${rule}${when}\n${readable(text)}\n`);
  }
  for (const problem of problems) await printNote(context, visible(problem));
  for (const { rule, signals } of heldBack) {
    await printNote(context, `The limits of ${rule} hold ${plural(signals, 'more signal')} back.`);
  }
  if (messages.length === 0) await printNote(context, 'Nothing is to be told now.');
  return exitCodes.done;
}

type Entry = Awaited<
  ReturnType<Awaited<ReturnType<CommandContext['open']>>['notifications']['list']>
>[number];

async function list(
  context: CommandContext,
  states: readonly DeliveryState[],
  limit: number,
): Promise<ExitCode> {
  const { notifications } = await context.open();
  const deliveries = await notifications.list({ limit, ...(states.length === 0 ? {} : { states }) });
  if (context.json) await printJson(context, { deliveries });
  else if (deliveries.length === 0) await printNote(context, 'The ledger has no such message.');
  else await printRows(context, context.isTerminal ? tableColumns(context.now()) : lineColumns, deliveries);
  return exitCodes.done;
}

function tableColumns(now: number): readonly Column<Entry>[] {
  return [
    { title: 'ID', align: 'right', text: ({ id }) => String(id) },
    { title: 'STATE', text: ({ state }) => state },
    { title: 'AGE', align: 'right', text: ({ sentAt, createdAt }) => formatAge(now - (sentAt ?? createdAt)) },
    { title: 'NOTIFIER', text: ({ notifier }) => notifier },
    { title: 'RULE', text: ({ rule }) => rule },
    { title: 'KIND', text: ({ kind }) => kind },
    { title: 'SIGNAL', align: 'right', text: ({ signalId }) => String(signalId ?? '') },
    { title: 'TRIES', align: 'right', text: ({ tries }) => String(tries.length) },
    { title: 'WHY', flexible: true, text: ({ lastError }) => lastError ?? '' },
  ];
}

/** The cells in a pipe. Their order is a promise: new ones come last. */
const lineColumns: readonly Column<Entry>[] = [
  { title: 'id', text: ({ id }) => String(id) },
  { title: 'state', text: ({ state }) => state },
  { title: 'notifier', text: ({ notifier }) => notifier },
  { title: 'rule', text: ({ rule }) => rule },
  { title: 'kind', text: ({ kind }) => kind },
  { title: 'signal', text: ({ signalId }) => String(signalId ?? '') },
  { title: 'tries', text: ({ tries }) => String(tries.length) },
  { title: 'at', text: ({ sentAt, createdAt }) => new Date(sentAt ?? createdAt).toISOString() },
  { title: 'reference', text: ({ reference }) => reference ?? '' },
  { title: 'lastError', text: ({ lastError }) => lastError ?? '' },
];

function idOf(word: string): number {
  if (/^[1-9]\d{0,15}$/.test(word)) return Number(word);
  throw new UserError('invalid-id', `"${visible(word)}" is not the id of a message.`, {
    fix: 'Give the number that "signal-harvester notify --list" prints for it.',
  });
}

/** Paragraphs stay; whatever a terminal would obey goes. */
function readable(text: string): string {
  return text
    .split('\n')
    .map((line) => `${/^ */.exec(line)?.[0] ?? ''}${visible(line)}`)
    .join('\n');
}

function usage(problem: string): UserError {
  return new UserError('usage', problem, { fix: 'Run "signal-harvester help notify" for examples.' });
}
