/** Zone names of RFC 822 and those that feeds use beside them, in minutes east of UTC. */
const zones: Readonly<Record<string, number>> = {
  UT: 0,
  UTC: 0,
  GMT: 0,
  Z: 0,
  WET: 0,
  BST: 60,
  CET: 60,
  MET: 60,
  WEST: 60,
  CEST: 120,
  EET: 120,
  MEST: 120,
  MSK: 180,
  EEST: 180,
  IST: 330,
  JST: 540,
  KST: 540,
  AEST: 600,
  AEDT: 660,
  NZST: 720,
  NZDT: 780,
  AST: -240,
  ADT: -180,
  EST: -300,
  EDT: -240,
  CST: -360,
  CDT: -300,
  MST: -420,
  MDT: -360,
  PST: -480,
  PDT: -420,
};
const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

const rfc822 =
  /(\d{1,2})[\s-]+([a-z]{3})[a-z]*\.?,?[\s-]+(\d{4}|\d{2})(?:,?\s+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*(am|pm)?\s*([+-]\d{1,2}:?\d{2}|[a-z]+)?)?/i;
const isoLike =
  /^(\d{4})-?(\d{2})-?(\d{2})(?:[T\s]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?)?\s*(Z|[+-]\d{1,2}:?\d{2}|[a-z]{1,4})?$/i;

/**
 * Reads the dates that feeds carry: RFC 822 with two- or four-digit years and
 * zone names, RFC 3339, dates without a time or zone (taken as UTC), and
 * whatever `Date.parse` knows. Returns milliseconds UTC; null when nothing fits.
 */
export function parseFeedDate(value: string): number | null {
  const text = value.trim();
  if (text === '' || text.length > 100) return null;
  const iso = isoLike.exec(text);
  if (iso) {
    const [, year, month, day, hour, minute, second, fraction, zone] = iso;
    const ms = fraction === undefined ? 0 : Math.trunc(Number(`0.${fraction}`) * 1000);
    return moment(Number(year), Number(month) - 1, Number(day), [hour, minute, second], zone, ms);
  }
  const mail = rfc822.exec(text);
  if (mail) {
    const [, day, monthName, yearText, hourText, minute, second, half, zone] = mail;
    const month = months.indexOf((monthName ?? '').toLowerCase());
    const short = Number(yearText);
    const year = (yearText ?? '').length === 4 ? short : short < 70 ? 2000 + short : 1900 + short;
    let hour = Number(hourText ?? 0);
    if (half) hour = (hour % 12) + (half.toLowerCase() === 'pm' ? 12 : 0);
    if (month >= 0) return moment(year, month, Number(day), [String(hour), minute, second], zone, 0);
  }
  // V8 takes nearly anything that holds a number for a date; one without a year is none.
  if (!/\b(?:19|20)\d\d\b/.test(text)) return null;
  const parsed = Date.parse(/(?:[+-]\d{2}:?\d{2}|\b[A-Z]{1,4})$/.test(text) ? text : `${text} UTC`);
  return Number.isNaN(parsed) ? null : parsed;
}

function moment(
  year: number,
  month: number,
  day: number,
  [hour, minute, second]: readonly (string | undefined)[],
  zone: string | undefined,
  ms: number,
): number | null {
  const offset = zoneMinutes(zone);
  if (offset === null || month < 0 || month > 11 || day < 1 || day > 31) return null;
  const hours = Number(hour ?? 0);
  const minutes = Number(minute ?? 0);
  const seconds = Number(second ?? 0);
  if (hours > 24 || minutes > 59 || seconds > 60) return null;
  const at = Date.UTC(year, month, day, hours, minutes, seconds, ms);
  // Date.UTC turns 31 February into 3 March; a feed that says so is wrong.
  if (new Date(Date.UTC(year, month, day)).getUTCDate() !== day) return null;
  return Number.isNaN(at) ? null : at - offset * 60_000;
}

function zoneMinutes(zone: string | undefined): number | null {
  if (zone === undefined) return 0;
  const numeric = /^([+-])(\d{1,2}):?(\d{2})$/.exec(zone);
  if (numeric) {
    const minutes = Number(numeric[2]) * 60 + Number(numeric[3]);
    return minutes > 14 * 60 ? null : numeric[1] === '-' ? -minutes : minutes;
  }
  return zones[zone.toUpperCase()] ?? 0;
}
