import type { Harvester, SignalPage } from '../../harvester/harvester.ts';
import { queryOf, type Selection } from './signal-filter.ts';
import { rowsEitherSide, rowsPerPage, SignalWindow } from './signal-window.ts';

/** The first page of a list. */
export async function readTop(harvester: Harvester, selection: Selection): Promise<SignalWindow> {
  const page = await harvester.signals.page({ ...queryOf(selection), limit: rowsEitherSide });
  return SignalWindow.of([page], false, page.hasMore);
}

/** The window again, as the store has it now, around the row at `index`. */
export async function readAround(
  harvester: Harvester,
  selection: Selection,
  window: SignalWindow,
  index: number,
): Promise<SignalWindow> {
  const anchor = window.placeBefore(index);
  if (anchor === null) return readTop(harvester, selection);
  const before = await harvester.signals.page({
    ...queryOf(selection),
    limit: rowsEitherSide,
    before: anchor,
  });
  if (before.last === null) return readTop(harvester, selection);
  const here = await harvester.signals.page({
    ...queryOf(selection),
    limit: rowsEitherSide,
    after: before.last,
  });
  return SignalWindow.of([before, here], before.hasMore, here.hasMore);
}

export function readAfter(
  harvester: Harvester,
  selection: Selection,
  window: SignalWindow,
): Promise<SignalPage> {
  const place = window.last;
  return harvester.signals.page({
    ...queryOf(selection),
    limit: rowsPerPage,
    ...(place && { after: place }),
  });
}

export function readBefore(
  harvester: Harvester,
  selection: Selection,
  window: SignalWindow,
): Promise<SignalPage> {
  const place = window.first;
  return harvester.signals.page({
    ...queryOf(selection),
    limit: rowsPerPage,
    ...(place && { before: place }),
  });
}

/** The last page of a list. */
export async function readEnd(harvester: Harvester, selection: Selection): Promise<SignalWindow> {
  const page = await harvester.signals.page({ ...queryOf(selection), limit: rowsEitherSide, from: 'end' });
  return SignalWindow.of([page], page.hasMore, false);
}
