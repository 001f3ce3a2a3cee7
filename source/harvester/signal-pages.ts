import type { SignalRow } from '../domain/signal.ts';
import type { Harvester, SignalPageRequest, SignalPlace, SignalQuery } from './harvester.ts';

const pageSize = 500;

/** Which signals, in order, at most `limit` of them. */
export interface PagesRequest {
  readonly query: SignalQuery;
  readonly limit: number;
  readonly signal: AbortSignal;
}

/** Pages of matching signals, in order, until `limit` rows; memory holds one page. */
export async function* readPages({
  harvester,
  ...request
}: PagesRequest & { readonly harvester: Pick<Harvester, 'signals'> }): AsyncGenerator<readonly SignalRow[]> {
  const read = (page: SignalPageRequest) => harvester.signals.page(page);
  for await (const { rows } of followPages(read, { ...request, sizeOf: ({ rows: found }) => found.length })) {
    if (rows.length > 0) yield rows;
  }
}

/** Pages that `read` answers, in order, until `limit` of what they hold. */
export async function* followPages<
  Page extends { readonly last: SignalPlace | null; readonly hasMore: boolean },
>(
  read: (request: SignalPageRequest) => Promise<Page>,
  { query, limit, signal, sizeOf }: PagesRequest & { readonly sizeOf: (page: Page) => number },
): AsyncGenerator<Page> {
  let left = limit;
  let after: SignalPlace | null = null;
  while (left > 0 && !signal.aborted) {
    const page: Page = await read({
      ...query,
      limit: Math.min(pageSize, left),
      ...(after === null ? {} : { after }),
    });
    yield page;
    left -= sizeOf(page);
    after = page.last;
    if (!page.hasMore || after === null) return;
  }
}
