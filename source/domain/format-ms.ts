/** A short time in three digits that count: 0.04 ms, 3.1 ms, 31 ms, 1.2 s, 94 s. */
export function formatMs(ms: number): string {
  const [value, unit] = ms >= 999.5 ? [ms / 1000, 's'] : [ms, 'ms'];
  return `${Number(value.toFixed(value >= 10 ? 0 : value >= 1 ? 1 : 2))} ${unit}`;
}
