import { acceptedEncodings } from './http-body.ts';

/** Headers that may follow a redirect to another origin; every other could hold a secret. */
const openHeaders = new Set(['accept', 'accept-language', 'if-none-match', 'if-modified-since']);

/** What is sent: names in lower case, credentials of the address as Basic, and always who we are. */
export function requestHeaders(url: URL, headers: Readonly<Record<string, string>>, userAgent: string) {
  const lowered: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) lowered[name.toLowerCase()] = value;
  if (url.username !== '' && lowered.authorization === undefined) {
    const pair = `${unescapePart(url.username)}:${unescapePart(url.password)}`;
    lowered.authorization = `Basic ${Buffer.from(pair).toString('base64')}`;
  }
  return { accept: '*/*', ...lowered, 'user-agent': userAgent, 'accept-encoding': acceptedEncodings };
}

/** A stray `%` in a password is meant as it stands. */
function unescapePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/**
 * What may follow a redirect to another origin. A scheme is part of an origin,
 * so a secret never goes from https to http either.
 */
export function withoutSecrets(headers: Record<string, string>): Record<string, string> {
  const kept = Object.entries(headers).filter(
    ([name]) => openHeaders.has(name) || name === 'user-agent' || name === 'accept-encoding',
  );
  return Object.fromEntries(kept);
}
