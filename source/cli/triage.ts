import type { Sentiment } from '../domain/analysis.ts';
import { signalStatuses } from '../domain/signal.ts';
import { readSnooze } from '../domain/snooze-words.ts';
import { readTags } from '../domain/tag-words.ts';
import { type DecidedStatus, describeChange, type TriageChange } from '../domain/triage.ts';
import { type ExitCode, exitCodes, UserError } from '../errors.ts';
import type { Harvester } from '../harvester/harvester.ts';
import { readPages } from '../harvester/signal-pages.ts';
import type { TriageOutcome } from '../harvester/triage.ts';
import { type CommandContext, defineCommand, type Flags, type FlagValues } from './command.ts';
import { plural } from './plural.ts';
import { printJson, printNote, printText, visible } from './print.ts';

/** As the application has it for a decision on a query. */
const maxSignals = 100_000;

const decidedStatuses = signalStatuses.filter((status) => status !== 'snoozed');

const changeFlags = {
  status: { type: 'text', value: 'STATUS', choices: decidedStatuses, summary: 'Set the status' },
  snooze: {
    type: 'text',
    value: 'UNTIL',
    summary: 'Snooze: 1h, 90m, "tomorrow 9:00", monday, 2026-12-01, +12 (echoes), source, spike',
  },
  assign: { type: 'text', value: 'NAME', summary: 'Assign to somebody; "nobody" takes the assignee away' },
  tag: { type: 'text', value: 'TAGS', summary: '"login -ios" adds one and takes one away' },
  category: { type: 'text', value: 'NAME', summary: 'Correct the category' },
  sentiment: {
    type: 'text',
    value: 'FEELING',
    choices: ['negative', 'neutral', 'positive'],
    summary: 'Correct the sentiment',
  },
  urgency: { type: 'integer', value: 'N', min: 0, max: 5, summary: 'Correct the urgency' },
  note: { type: 'text', value: 'TEXT', summary: 'Add a note' },
  mergeInto: { type: 'integer', value: 'ID', min: 1, summary: 'Join the signals to this one' },
  split: {
    type: 'list',
    value: 'POSTID,…',
    summary: 'Make a signal of their own of these posts (show ID --json has their ids)',
  },
} as const satisfies Flags;

export const triageCommand = defineCommand({
  name: 'triage',
  summary: 'Decide on signals, take decisions back, and do them again',
  usage: 'triage ID… CHANGES | triage --search QUERY CHANGES [--force] | triage undo | triage redo',
  details:
    'Several changes at once are as many decisions, each an entry of the journal that "triage undo" takes back whole. With --search it says how many signals match and what would be done, and does it only with --force.',
  json: '{ "decisions": [{ "journalId", "action", "changed": [id, ...], "left": [id, ...] }, ...] }; undo and redo print one, or null when there is nothing',
  examples: [
    { command: 'signal-harvester triage 42 43 --status dismissed', meaning: 'two signals less' },
    {
      command: 'signal-harvester triage 42 --assign ann --tag "login -ios" --snooze "monday 9:00"',
      meaning: 'whose it is, what it is about, and when to look again',
    },
    {
      command: "signal-harvester triage --search 'category:praise status:inbox' --status resolved --force",
      meaning: 'all thanks at once',
    },
    { command: 'signal-harvester triage undo', meaning: 'the last decision taken back' },
  ],
  flags: {
    ...changeFlags,
    search: {
      type: 'text',
      short: 'q',
      value: 'QUERY',
      summary: "All that this search finds: 'category:praise status:inbox' (docs/search.md)",
    },
    force: { type: 'boolean', summary: 'Do it to all that the search finds' },
  },
  words: { min: 0, max: 10_000 },
  reads: true,
  async run(context, { words, flags }) {
    const [first] = words;
    if (first === 'undo' || first === 'redo') return exchange(context, first, words);
    const changes = changesOf(flags, context.now());
    const ids = words.map(readId);
    if (flags.search !== undefined && ids.length > 0) {
      throw new UserError('usage', 'Signals are named, and a search as well.', {
        fix: 'Leave one of them out.',
      });
    }
    const nobody = ids.length === 0 && flags.search === undefined;
    if (changes.length === 0 || nobody) {
      throw new UserError('usage', nobody ? 'No signal is named.' : 'No change is named.', {
        fix: 'Write "signal-harvester triage ID… --status dismissed" or another change; --help lists them.',
      });
    }
    if (flags.search !== undefined) return decideFound(context, changes, flags.search, flags.force);
    return decide(context, changes, ids);
  },
});

async function decide(
  context: CommandContext,
  changes: readonly TriageChange[],
  ids: readonly number[],
): Promise<ExitCode> {
  const harvester = await context.open();
  await checkPresent(harvester, ids);
  return carryOut(context, harvester, changes, ids);
}

/** Says what would be done to how many; does it when told twice. */
async function decideFound(
  context: CommandContext,
  changes: readonly TriageChange[],
  search: string,
  force: boolean,
): Promise<ExitCode> {
  const harvester = await context.open();
  const words = changes.map(describeChange).join(', ');
  if (force) {
    // Those that match now: the first of several changes may take them out of the search.
    const ids = await idsOf(harvester, search, context.signal);
    return carryOut(context, harvester, changes, ids);
  }
  const { count, capped } = await harvester.signals.count({ search });
  if (context.json) await printJson(context, { wouldDo: words, signals: count, capped });
  else {
    await printText(
      context,
      `${capped ? 'More than ' : ''}${plural(count, 'signal')} would be ${visible(words)}.`,
    );
    await printNote(context, 'Nothing was changed: --force does it.');
  }
  return exitCodes.done;
}

async function idsOf(harvester: Harvester, search: string, signal: AbortSignal): Promise<readonly number[]> {
  const ids: number[] = [];
  const request = { harvester, query: { search }, limit: maxSignals + 1, signal };
  for await (const rows of readPages(request)) ids.push(...rows.map(({ id }) => id));
  if (ids.length <= maxSignals) return ids;
  throw new UserError('too-many', `More than ${maxSignals} signals match.`, {
    fix: 'Narrow the search, or decide in parts.',
  });
}

async function carryOut(
  context: CommandContext,
  harvester: Harvester,
  changes: readonly TriageChange[],
  ids: readonly number[],
): Promise<ExitCode> {
  const decisions: TriageOutcome[] = [];
  for (const change of changes) decisions.push(await harvester.triage.apply(change, { ids }));
  if (context.json) await printJson(context, { decisions });
  else for (const decision of decisions) await printText(context, describeOutcome(decision));
  return exitCodes.done;
}

/** A number that names nothing is a slip of the hand: nothing is done then. */
async function checkPresent(harvester: Harvester, ids: readonly number[]): Promise<void> {
  for (const id of ids) {
    if ((await harvester.signals.get(id)) !== null) continue;
    throw new UserError('unknown-signal', `There is no signal ${id}; nothing was changed.`, {
      fix: 'Look its number up with "signal-harvester list".',
    });
  }
}

async function exchange(
  context: CommandContext,
  way: 'undo' | 'redo',
  words: readonly string[],
): Promise<ExitCode> {
  if (words.length > 1) {
    throw new UserError('usage', `"triage ${way}" takes nothing behind it.`, {
      fix: `Write "signal-harvester triage ${way}".`,
    });
  }
  const { triage } = await context.open();
  const outcome = await triage[way]();
  if (context.json) await printJson(context, outcome);
  else if (outcome === null)
    await printNote(context, way === 'undo' ? 'Nothing to undo.' : 'Nothing to do again.');
  else
    await printText(context, `${way === 'undo' ? 'Taken back' : 'Done again'}: ${describeOutcome(outcome)}`);
  return exitCodes.done;
}

function describeOutcome({ action, changed, left }: TriageOutcome): string {
  const rest = left.length === 0 ? '' : `; ${plural(left.length, 'signal')} left as they were`;
  return visible(`${action}: ${plural(changed.length, 'signal')}${rest}`);
}

/** The decisions that the flags ask for, in the order in which they are carried out. */
function changesOf(flags: FlagValues<typeof changeFlags>, now: number): readonly TriageChange[] {
  const { status, snooze, assign, tag, note, mergeInto, split } = flags;
  const corrections = {
    ...(flags.category === undefined ? {} : { category: flags.category }),
    ...(flags.sentiment === undefined ? {} : { sentiment: flags.sentiment as Sentiment }),
    ...(flags.urgency === undefined ? {} : { urgency: flags.urgency }),
  };
  if (status !== undefined && snooze !== undefined) {
    throw new UserError('usage', '--status and --snooze exclude each other.', {
      fix: 'Leave one of them out.',
    });
  }
  return [
    ...(Object.keys(corrections).length === 0 ? [] : [{ action: 'correct' as const, ...corrections }]),
    ...(tag === undefined ? [] : [tagChange(tag)]),
    ...(assign === undefined
      ? []
      : [{ action: 'assign' as const, assignee: assign === 'nobody' ? null : assign }]),
    ...(note === undefined ? [] : [{ action: 'note' as const, text: note }]),
    ...(split.length === 0
      ? []
      : [{ action: 'split' as const, postIds: split.flatMap((text) => text.split(',')).map(readId) }]),
    ...(mergeInto === undefined ? [] : [{ action: 'merge' as const, into: mergeInto }]),
    ...(status === undefined ? [] : [{ action: 'status' as const, status: status as DecidedStatus }]),
    ...(snooze === undefined ? [] : [snoozeChange(snooze, now)]),
  ];
}

function tagChange(text: string): TriageChange {
  const { add, remove } = readTags(text);
  if (add.length + remove.length > 0) return { action: 'tag', add, remove };
  throw new UserError('invalid-flag', `--tag does not take "${visible(text)}".`, {
    fix: 'Write tags as "login -ios".',
  });
}

function snoozeChange(text: string, now: number): TriageChange {
  const read = readSnooze(text, now);
  if ('request' in read) return { action: 'snooze', snooze: read.request };
  throw new UserError('invalid-flag', `--snooze: ${visible(read.problem)}.`, {
    fix: 'Write 1h, "tomorrow 9:00", monday, 2026-12-01, +12, source or spike; times are local.',
  });
}

function readId(word: string): number {
  if (/^[1-9]\d{0,15}$/.test(word)) return Number(word);
  throw new UserError('invalid-id', `"${visible(word)}" is not an id.`, {
    fix: 'Give the numbers that "signal-harvester top" or "list" print for signals.',
  });
}
