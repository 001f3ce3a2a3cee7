import { isRecord } from './schema-tree.ts';

/**
 * `over` laid on `base`: mappings merge key by key, everything else (lists
 * too) replaces. Neither argument changes.
 */
export function deepMerge(base: unknown, over: unknown): unknown {
  if (!isRecord(base) || !isRecord(over)) return over === undefined ? base : over;
  const merged = new Map(Object.entries(base));
  for (const [key, value] of Object.entries(over)) merged.set(key, deepMerge(merged.get(key), value));
  // fromEntries defines own properties, so that a key named __proto__ stays a key.
  return Object.fromEntries(merged);
}

/** A mapping with one value set at a path; mappings on the way are made. */
export function setAt(root: unknown, path: readonly string[], value: unknown): unknown {
  const nested = path.reduceRight<unknown>((inner, key) => Object.fromEntries([[key, inner]]), value);
  return deepMerge(root, nested);
}
