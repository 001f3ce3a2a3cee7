import type { SignalStatus } from '../domain/signal.ts';
import { signalStatuses } from '../domain/signal.ts';
import { UserError } from '../errors.ts';
import { type SignalOrder, type SignalQuery, signalOrders } from '../harvester/harvester.ts';
import type { Flags, FlagValues } from './command.ts';
import { timeOf } from './flag-value.ts';

/** The flags by which `list` and `export` choose signals. */
export const filterFlags = {
  search: {
    type: 'text',
    short: 'q',
    value: 'QUERY',
    summary: "Only what this search finds: 'category:bug -is:echo login' (docs/search.md)",
  },
  status: { type: 'list', value: 'STATUS', choices: signalStatuses, summary: 'Only this status' },
  category: { type: 'list', value: 'NAME', commas: true, summary: 'Only this category of the taxonomy' },
  source: { type: 'list', value: 'NAME', summary: 'Only signals from this source' },
  since: {
    type: 'moment',
    value: 'WHEN',
    summary: 'Only what was written since: 90m, 24h, 7d ago, or a date (2026-11-20)',
  },
  minSalience: { type: 'number', value: 'N', min: 0, max: 100, summary: 'Only this salience or more' },
  order: { type: 'text', value: 'ORDER', choices: signalOrders, summary: 'Order, rank if not given' },
} as const satisfies Flags;

/** What was asked for; words behind the command are a search too. */
export function queryOf(
  flags: FlagValues<typeof filterFlags>,
  now: number,
  words: readonly string[] = [],
): SignalQuery {
  const search = searchOf(flags.search, words);
  return {
    ...(search === undefined ? {} : { search }),
    ...(flags.status.length > 0 ? { statuses: flags.status as readonly SignalStatus[] } : {}),
    ...(flags.category.length > 0 ? { categories: flags.category } : {}),
    ...(flags.source.length > 0 ? { sources: flags.source } : {}),
    ...(flags.since === undefined ? {} : { since: timeOf('since', flags.since, now) }),
    ...(flags.minSalience === undefined ? {} : { minSalience: flags.minSalience }),
    order: (flags.order as SignalOrder | undefined) ?? 'rank',
  };
}

/** The search of a flag or of words, not of both: joining them could mean two things. */
export function searchOf(flag: string | undefined, words: readonly string[]): string | undefined {
  if (words.length === 0) return flag;
  if (flag === undefined) return words.join(' ');
  throw new UserError('usage', `"${words[0]}" is a search, and so is --search.`, {
    fix: 'Put all of it behind --search, in quotes.',
  });
}
