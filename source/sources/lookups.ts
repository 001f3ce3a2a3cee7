import type { Engagement } from '../domain/post.ts';
import { exitCodes, UserError } from '../errors.ts';
import type { EngagementUpdate, FetchOptions } from '../ports/source.ts';

/** Posts that one refresh asks for where each is a request of its own. */
const maxLookups = 30;

/**
 * A refresh for services that tell the counts of one post a request: a batch
 * for each post, so that what was read is kept when a later request fails.
 * `read` answers null for counts that are not told and throws `goneError` for
 * a post that is gone; both are left out. Posts beyond the first thirty are
 * not asked for, and that is said.
 */
export async function* lookUpEach(
  externalIds: readonly string[],
  { signal, onNotice }: Pick<FetchOptions, 'signal' | 'onNotice'>,
  read: (externalId: string) => Promise<Engagement | null>,
): AsyncIterable<readonly EngagementUpdate[]> {
  if (externalIds.length > maxLookups) {
    onNotice?.(`asking for the first ${maxLookups} of ${externalIds.length} posts: each is a request`);
  }
  for (const externalId of externalIds.slice(0, maxLookups)) {
    signal.throwIfAborted();
    const engagement = await read(externalId).catch((error: unknown) => {
      if (error instanceof UserError && error.code === 'gone') return null;
      throw error;
    });
    if (engagement !== null) yield [{ externalId, engagement }];
  }
}

export function goneError(service: string): UserError {
  return new UserError('gone', `${service} no longer has the post`, {
    fix: 'Nothing needs to be done: its last counts are kept',
    exitCode: exitCodes.unreachable,
  });
}
