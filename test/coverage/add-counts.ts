interface Place {
  readonly line: number;
  readonly column: number;
}

interface Stretch {
  readonly start: Place;
  readonly end: Place;
}

/** The part of Istanbul's format for one file that counts are in. */
export interface FileCounts {
  readonly path: string;
  readonly statementMap: Readonly<Record<string, Stretch>>;
  readonly fnMap: Readonly<Record<string, { readonly loc: Stretch }>>;
  readonly branchMap: Readonly<
    Record<string, { readonly type: string; readonly loc: Stretch; readonly locations: readonly unknown[] }>
  >;
  readonly s: Record<string, number>;
  readonly f: Record<string, number>;
  readonly b: Record<string, number[]>;
}

/**
 * Adds to `counts` what `more`, made from another compilation of the same
 * source, has counted at the same places. Nothing is added to what there is to
 * cover, so totals stay those of `counts`; what has no match is not counted.
 */
export function addCounts(counts: FileCounts, more: FileCounts): void {
  for (const [to, from] of match(counts.statementMap, more.statementMap, (stretch) => stretch))
    counts.s[to] = (counts.s[to] ?? 0) + (more.s[from] ?? 0);
  for (const [to, from] of match(counts.fnMap, more.fnMap, ({ loc }) => loc))
    counts.f[to] = (counts.f[to] ?? 0) + (more.f[from] ?? 0);
  const branches = match(
    counts.branchMap,
    more.branchMap,
    ({ loc }) => loc,
    ({ type, locations }) => `${type} of ${locations.length} at `,
  );
  for (const [to, from] of branches)
    counts.b[to] = (counts.b[to] ?? []).map((count, arm) => count + (more.b[from]?.[arm] ?? 0));
}

/** What two compilations may agree on, the surest first: some give an `else if` the start of what is before it. */
const likenesses: readonly ((stretch: Stretch) => string)[] = [
  ({ start, end }) => `${show(start)}-${show(end)}`,
  ({ start }) => show(start),
  ({ end }) => show(end),
];

const show = ({ line, column }: Place) => `${line}:${column}`;

/** Which of `from` is which of `to`, by their places in the source. Of two that are alike, neither. */
function match<T>(
  to: Readonly<Record<string, T>>,
  from: Readonly<Record<string, T>>,
  stretchOf: (each: T) => Stretch,
  kindOf: (each: T) => string = () => '',
): readonly (readonly [to: string, from: string])[] {
  const pairs = new Map<string, string>();
  const used = new Set<string>();
  for (const likeness of likenesses) {
    const placeOf = ([, each]: [string, T]) => `${kindOf(each)}${likeness(stretchOf(each))}`;
    const open = Object.entries(to).filter(([id]) => !pairs.has(id));
    const offered = Map.groupBy(
      Object.entries(from).filter(([id]) => !used.has(id)),
      placeOf,
    );
    for (const [place, wanting] of Map.groupBy(open, placeOf)) {
      const found = offered.get(place) ?? [];
      const [[id], [other]] = [wanting[0] ?? [''], found[0] ?? ['']];
      if (wanting.length !== 1 || found.length !== 1) continue;
      pairs.set(id, other);
      used.add(other);
    }
  }
  return [...pairs];
}
