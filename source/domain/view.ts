/** A search with a name. */
export interface View {
  readonly name: string;
  /** In the language of searches. */
  readonly query: string;
}

export const maxViewName = 60;

/** Those that every store begins with. */
export const builtInViews: readonly View[] = [
  { name: 'Inbox', query: 'status:inbox' },
  { name: 'Escalated', query: 'status:escalated' },
  { name: 'Snoozed', query: 'status:snoozed' },
  { name: 'Outages 24 h', query: 'category:outage since:24h' },
  { name: 'Churn', query: 'category:churn is:open' },
  { name: 'Unanswered questions', query: 'category:question status:inbox -is:answered' },
  { name: 'Mine', query: 'assignee:me -status:resolved,dismissed' },
];

/** Where a view comes from; the later wins where two have one name. */
export type ViewOrigin = 'built-in' | 'config' | 'stored';

/** All views in the order that they are shown: built-in, then of the configuration, then stored ones, each name once. */
export function joinViews(
  configured: readonly View[],
  stored: readonly View[],
): readonly (View & { readonly origin: ViewOrigin })[] {
  const views = new Map<string, View & { readonly origin: ViewOrigin }>();
  for (const [origin, from] of [
    ['built-in', builtInViews],
    ['config', configured],
    ['stored', stored],
  ] as const) {
    for (const { name, query } of from) views.set(name, { name, query, origin });
  }
  return [...views.values()];
}
