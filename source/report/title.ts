import type { Report } from '../domain/report.ts';

/** "acme: Logins", "acme", "All signals". */
export function titleOf({ topic, view, search }: Report): string {
  const of = view ?? (search === null ? null : 'a search');
  if (topic === '') return of === null ? 'All signals' : `Signals of ${of}`;
  return of === null ? `Signals about ${topic}` : `Signals about ${topic}: ${of}`;
}

/** Which signals the report is about; null when it is about all. */
export function subjectOf({
  view,
  search,
}: Report): { readonly label: string; readonly search: string } | null {
  if (search === null) return null;
  return {
    label: view === null ? 'Only signals that this search finds:' : `Only signals of the view ${view}:`,
    search,
  };
}
