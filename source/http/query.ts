import { hash } from 'node:crypto';
import { z } from 'zod';
import { maxSearchLength } from '../domain/search.ts';
import { signalStatuses } from '../domain/signal.ts';
import { maxViewName } from '../domain/view.ts';
import {
  type SignalOrder,
  type SignalPlace,
  type SignalQuery,
  signalOrders,
} from '../harvester/harvester.ts';
import type { HttpParts } from './parts.ts';
import { Problem } from './problem.ts';

/** Words with commas between, of a list: `inbox,escalated`. */
export function listOf<Word extends string>(words: readonly Word[], description: string) {
  const word = `(?:${words.join('|')})`;
  return z
    .string()
    .max(2000)
    .regex(new RegExp(`^${word}(?:,${word})*$`), `one or more of ${words.join(', ')}, with commas between`)
    .transform((value) => value.split(',') as Word[])
    .describe(description);
}

/** Names that the configuration gives, with commas between. */
function namesOf(name: string, description: string) {
  return z
    .string()
    .max(2000)
    .regex(new RegExp(`^${name}(?:,${name})*$`), 'names with commas between')
    .transform((value) => value.split(','))
    .describe(description);
}

const spanMs: Readonly<Record<string, number>> = {
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** "24h", "2026-11-20", "2026-11-20T08:00:00Z" or milliseconds since 1970. */
export const moment = z
  .string()
  .max(40)
  .regex(
    /^(?:\d{1,6}[mhdw]|\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d)?)?|\d{10,14})$/,
    'a span (90m, 24h, 7d), a date (2026-11-20, 2026-11-20T08:00:00Z) or milliseconds since 1970',
  );

/** Milliseconds, UTC; a date without a zone is UTC. */
export function momentOf(text: string, now: number): number {
  const span = /^(\d+)([mhdw])$/.exec(text);
  if (span !== null) return now - Number(span[1]) * (spanMs[span[2] ?? ''] ?? 0);
  if (/^\d+$/.test(text)) return Number(text);
  const at = Date.parse(/T.*(?:Z|[+-]\d\d:\d\d)$/.test(text) || !text.includes('T') ? text : `${text}Z`);
  if (!Number.isNaN(at)) return at;
  throw new Problem(400, 'invalid-request', 'A date does not exist.', {
    fix: 'Use a date of the calendar, such as 2026-11-20.',
    errors: [{ in: 'query', field: 'since', message: 'is no date of the calendar' }],
  });
}

/** Which signals: the same filters for lists, feeds and decisions. */
export const filterShape = {
  search: z
    .string()
    .min(1)
    .max(maxSearchLength)
    .describe('A search in the language of docs/search.md: `login error category:bug since:24h`')
    .optional(),
  view: z.string().min(1).max(maxViewName).describe('Name of a view, instead of a search').optional(),
  status: listOf(signalStatuses, 'Only these statuses').optional(),
  category: namesOf('[a-z0-9][a-z0-9-]{0,39}', 'Only these categories').optional(),
  source: namesOf('[a-z0-9][a-z0-9._-]{0,59}', 'Only signals from these sources').optional(),
  since: moment.describe('Written since: a span (24h), a date, or milliseconds since 1970').optional(),
  minSalience: z.coerce.number().min(0).max(100).describe('At least this salience now').optional(),
};

/** What a figure is counted over, or a report is made of. */
export const spanShape = {
  since: moment.default('7d').describe('Where the span begins: a span back, a date, or milliseconds'),
  until: moment.optional().describe('Where it ends; now if not given'),
  search: z.string().min(1).max(maxSearchLength).describe('Only signals that it finds').optional(),
  view: filterShape.view,
  timeZone: z
    .string()
    .min(1)
    .max(60)
    .describe('IANA name: whose days; that of the server if not given')
    .optional(),
};

/** The number of a signal, a run, a delivery and the like. */
export const idField = z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER);

export const orderField = z.enum(signalOrders).describe('Order, rank if not given').optional();

type Filters = z.output<z.ZodObject<typeof filterShape>> & { readonly order?: SignalOrder | undefined };

/** @throws Problem for a search and a view at once, or a view that does not exist */
export async function queryOf(
  filters: Filters,
  { harvester, now }: Pick<HttpParts, 'harvester' | 'now'>,
): Promise<SignalQuery> {
  const { status, category, source, since, minSalience, order } = filters;
  const search = filters.view === undefined ? filters.search : await searchOfView(filters, harvester);
  return {
    ...(search === undefined ? {} : { search }),
    ...(status === undefined ? {} : { statuses: status }),
    ...(category === undefined ? {} : { categories: category }),
    ...(source === undefined ? {} : { sources: source }),
    ...(since === undefined ? {} : { since: momentOf(since, now()) }),
    ...(minSalience === undefined ? {} : { minSalience }),
    ...(order === undefined ? {} : { order }),
  };
}

export const pageLimit = z.coerce
  .number()
  .int()
  .min(1)
  .max(500)
  .default(50)
  .describe('How many at most, 1 to 500');

export const cursorField = z
  .string()
  .max(200)
  .regex(/^[A-Za-z0-9_-]+$/, 'a cursor as the previous page gave it')
  .describe('Where the page begins: `next` of the page before')
  .optional();

async function searchOfView({ view, search }: Filters, harvester: HttpParts['harvester']): Promise<string> {
  if (search !== undefined) {
    throw new Problem(400, 'invalid-request', 'It has a search and a view.', {
      fix: 'Send one of them; the search of a view is in GET /v1/views.',
      errors: [{ in: 'query', field: 'view', message: 'goes with no search' }],
    });
  }
  const views = await harvester.views.list();
  const found = views.find(({ name }) => name === view);
  if (found !== undefined) return found.query;
  throw new Problem(400, 'no-such-view', `There is no view ${view}.`, {
    fix: 'GET /v1/views lists them.',
    errors: [{ in: 'query', field: 'view', message: 'is not the name of a view' }],
  });
}

/** The list that was asked for last is mostly the one that is asked for next. */
let lastList = { name: '', key: '' };

/** What a place in a list depends on: the order, and the search, which may have an order of its own. */
function listKey({ order = 'rank', search = '' }: SignalQuery): string {
  const name = `${order} ${search}`;
  if (lastList.name !== name) lastList = { name, key: hash('sha1', name, 'base64url').slice(0, 8) };
  return lastList.key;
}

/** A place in a list, opaque to clients; it says of which list it is a place. */
export function writeCursor({ key, second, id }: SignalPlace, query: SignalQuery): string {
  const place = second === undefined ? [key, id] : [key, id, second];
  return Buffer.from(JSON.stringify([listKey(query), ...place])).toString('base64url');
}

export function readCursor(cursor: string, query: SignalQuery): SignalPlace {
  try {
    const [of, key, id, second] = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as unknown[];
    const plausible = [key, second ?? 0].every((each) => typeof each === 'number' && Number.isFinite(each));
    if (of === listKey(query) && plausible && Number.isSafeInteger(id)) {
      const place = { key: key as number, id: id as number };
      return second === undefined ? place : { ...place, second: second as number };
    }
  } catch {
    // Told below, like any other that is none.
  }
  throw new Problem(400, 'bad-cursor', 'The cursor is not one of this list.', {
    fix: 'Begin without a cursor, keep the order, and use "next" as it was given.',
    errors: [{ in: 'query', field: 'cursor', message: 'is not a cursor of this list' }],
  });
}
