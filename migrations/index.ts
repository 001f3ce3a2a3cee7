import type { Migration } from 'kysely/migration';
import * as postsAndSignals from './001-posts-and-signals.ts';
import * as sourceYieldAndSpend from './002-source-yield-and-spend.ts';
import * as modelSpend from './003-model-spend.ts';
import * as triage from './004-triage.ts';
import * as search from './005-search.ts';
import * as learning from './006-learning.ts';
import * as keptAnswers from './007-kept-answers.ts';
import * as removedPosts from './008-removed-posts.ts';
import * as deliveries from './009-deliveries.ts';
import * as fingerprints from './010-fingerprints.ts';
import * as apiKeys from './011-api-keys.ts';
import * as flagsAndInvitations from './012-flags-and-invitations.ts';
import * as feedback from './013-feedback.ts';
import * as usage from './014-usage.ts';
import * as errors from './015-errors.ts';

/** Every migration, in order. A merged migration never changes: a mistake in one is mended by the next. */
export const migrations: Readonly<Record<string, Migration>> = {
  '001-posts-and-signals': postsAndSignals,
  '002-source-yield-and-spend': sourceYieldAndSpend,
  '003-model-spend': modelSpend,
  '004-triage': triage,
  '005-search': search,
  '006-learning': learning,
  '007-kept-answers': keptAnswers,
  '008-removed-posts': removedPosts,
  '009-deliveries': deliveries,
  '010-fingerprints': fingerprints,
  '011-api-keys': apiKeys,
  '012-flags-and-invitations': flagsAndInvitations,
  '013-feedback': feedback,
  '014-usage': usage,
  '015-errors': errors,
};
