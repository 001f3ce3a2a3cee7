/**
 * What clocks on the wall show in a named time zone (IANA), without a library:
 * through the engine's own tables. Pure. '' is the zone of this machine.
 *
 * A wall clock is a number: the time whose UTC fields are those that the clock
 * shows. So a day later on the clock is 86,400,000 more, whatever the zone does.
 */
const msPerDay = 86_400_000;
const formats = new Map<string, Intl.DateTimeFormat>();

/** Whether the platform knows the zone. */
export function isTimeZone(timeZone: string): boolean {
  try {
    formatOf(timeZone);
    return true;
  } catch {
    return false;
  }
}

/** What the clock shows at a time (ms UTC). */
export function wallClock(at: number, timeZone: string): number {
  if (timeZone === 'UTC') return at;
  const fields: Record<string, number> = {};
  for (const { type, value } of formatOf(timeZone).formatToParts(at)) fields[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = fields;
  return Date.UTC(year, month - 1, day, hour, minute, second, ((at % 1000) + 1000) % 1000);
}

/**
 * When the clock shows `wall` (ms UTC). A time that a change of the clocks
 * leaves out is taken as much later as they were set forward; of one that comes
 * twice it is the first.
 */
export function timeAtWallClock(wall: number, timeZone: string): number {
  const guesses = [wall - aheadMs(wall - msPerDay, timeZone), wall - aheadMs(wall + msPerDay, timeZone)];
  const exact = guesses.filter((guess) => wallClock(guess, timeZone) === wall);
  return exact.length > 0 ? Math.min(...exact) : Math.max(...guesses);
}

/** How far the clock is ahead of UTC at a time. */
function aheadMs(at: number, timeZone: string): number {
  return wallClock(at, timeZone) - at;
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-US', {
    ...(timeZone === '' ? {} : { timeZone }),
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  formats.set(timeZone, format);
  return format;
}
