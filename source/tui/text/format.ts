/** Numbers and times as short words; every function returns printable ASCII but for "×" and "–". */

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** How long ago, in at most four columns: `now`, `12s`, `5m`, `3h`, `6d`, `9w`, `2y`. */
export function formatAge(at: number, now: number): string {
  const age = now - at;
  // The screen's clock is renewed every few seconds: what happened since is not yet to come.
  if (age < -minute) return 'soon';
  if (age < 5 * second) return 'now';
  if (age < minute) return `${Math.floor(age / second)}s`;
  if (age < hour) return `${Math.floor(age / minute)}m`;
  if (age < day) return `${Math.floor(age / hour)}h`;
  if (age < 14 * day) return `${Math.floor(age / day)}d`;
  if (age < 365 * day) return `${Math.floor(age / (7 * day))}w`;
  return `${Math.min(999, Math.floor(age / (365 * day)))}y`;
}

/** The same within a sentence: `just now`, `5m ago`, `never`. */
export function formatAgo(at: number | null, now: number): string {
  if (at === null) return 'never';
  const age = formatAge(at, now);
  if (age === 'now') return 'just now';
  return age === 'soon' ? 'in the future' : `${age} ago`;
}

/** `0.4 s`, `12 s`, `3 min 5 s`, `2 h 10 min`. */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, ms) / second;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.floor(seconds)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}

/** A whole number with thousands set apart: `12,418`. */
export function formatCount(count: number): string {
  return Math.round(count).toLocaleString('en-US');
}

/** A whole number in at most four columns: `950`, `1.2k`, `38k`, `1.4M`. */
export function formatShort(count: number): string {
  if (count < 1000) return String(Math.round(count));
  for (const [size, unit] of [
    [1e3, 'k'],
    [1e6, 'M'],
    [1e9, 'G'],
  ] as const) {
    const scaled = count / size;
    if (scaled < 9.95) return `${scaled.toFixed(1)}${unit}`;
    if (scaled < 999.5) return `${Math.round(scaled)}${unit}`;
  }
  return '999G';
}

export function formatEchoes(echoes: number): string {
  return echoes > 0 ? `×${formatShort(echoes)}` : '';
}

/** One decimal in at most five columns; "–" before it is scored. */
export function formatScore(salience: number | null): string {
  if (salience === null) return '–';
  return salience > 0 && salience < 0.05 ? '<0.1' : salience.toFixed(1);
}

export function formatRate(perSecond: number): string {
  if (perSecond <= 0) return '';
  return perSecond < 100 ? perSecond.toFixed(1) : formatShort(perSecond);
}

/** `1 new post`, `3 new posts`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** Local time of day, `14:05`. */
export function formatClock(at: number): string {
  const date = new Date(at);
  return `${String(date.getHours()).padStart(2, '0')}:${String(date.getMinutes()).padStart(2, '0')}`;
}

/** Local date and time, `2026-11-22 14:05`. */
export function formatDate(at: number): string {
  const date = new Date(at);
  const parts = [date.getFullYear(), date.getMonth() + 1, date.getDate()];
  return `${parts.map((part) => String(part).padStart(2, '0')).join('-')} ${formatClock(at)}`;
}

/** Words of the journal as the screen says them: a time in UTC becomes the local one. */
export function withLocalTimes(text: string): string {
  return text.replace(/(\d{4}-\d\d-\d\d) (\d\d:\d\d) UTC/g, (whole, day: string, clock: string) => {
    const at = Date.parse(`${day}T${clock}Z`);
    return Number.isNaN(at) ? whole : formatDate(at);
  });
}
