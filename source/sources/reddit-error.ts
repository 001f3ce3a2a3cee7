import { exitCodes, UserError } from '../errors.ts';

/**
 * Words for a list that Reddit does not show.
 *
 * @param place "r/acme", or "the search"
 * @param reason what Reddit says of a 403 or 404, null when it says nothing
 */
export function placeError(place: string, status: number, reason: string | null): UserError {
  const [said, fix] = placeWords(place, status, reason);
  return new UserError('no-access', said, { fix, exitCode: exitCodes.unreachable });
}

function placeWords(place: string, status: number, reason: string | null): readonly [string, string] {
  const remove = `Take ${place} out of the source`;
  if (reason === 'private') return [`${place} is private: only its members can read it`, remove];
  if (reason === 'quarantined') return [`${place} is quarantined: Reddit shows it to no app`, remove];
  if (reason === 'gated') return [`${place} is gated: Reddit shows it to no app`, remove];
  if (reason === 'banned') return [`${place} was banned: Reddit has closed it`, remove];
  if (status === 404) return [`${place} does not exist on Reddit`, `Check the spelling, or ${lower(remove)}`];
  return [
    `Reddit refuses to show ${place} (HTTP ${status})`,
    'Check that the app of REDDIT_CLIENT_ID is approved, and that http.userAgent says who you are',
  ];
}

function lower(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

export function badRedditKeys(): UserError {
  return new UserError('bad-key', 'Reddit does not accept REDDIT_CLIENT_ID and REDDIT_CLIENT_SECRET', {
    fix: 'Copy both from https://www.reddit.com/prefs/apps (new apps need the approval of Reddit) and set them in the environment',
  });
}

/** Reddit announced the end of its public feeds for 13 November 2026; what answers now is a refusal or a page. */
export function feedRefused(place: string, status: number | null, cause?: unknown): UserError {
  const how = status === null ? 'a page in place of a feed' : `HTTP ${status}`;
  return new UserError('no-access', `Reddit gives no feed of ${place} without an app (${how})`, {
    fix: 'Set REDDIT_CLIENT_ID and REDDIT_CLIENT_SECRET: Reddit ended its public feeds in November 2026',
    exitCode: exitCodes.unreachable,
    cause,
  });
}
