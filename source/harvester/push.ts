import type { PostDraft } from '../domain/post.ts';
import { UserError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Push, PushStore } from '../ports/inbox.ts';
import type { ConfiguredSource } from './sources.ts';

export interface PushRequest {
  /** A source of kind `webhook`. */
  readonly source: string;
  readonly posts: readonly PostDraft[];
  readonly idempotency: Push['idempotency'];
}

export interface PushReceipt {
  readonly source: string;
  /** Posts that wait for the next run of the source; those it knows already will not be stored twice. */
  readonly accepted: number;
  /** True when this was sent before, under the same idempotency key, and nothing was done again. */
  readonly replayed: boolean;
}

/** Posts that are pushed in wait in the store until a run of their source takes them. */
export interface PushDesk {
  /** @throws UserError `unknown-source`, `not-a-webhook`, `idempotency-conflict` */
  push(request: PushRequest): Promise<PushReceipt>;
}

export interface PushParts {
  readonly store: PushStore;
  readonly clock: Clock;
  readonly sources: readonly ConfiguredSource[];
}

export function createPushDesk({ store, clock, sources }: PushParts): PushDesk['push'] {
  const webhooks = sources.filter(({ kind, enabled }) => kind === 'webhook' && enabled);
  const names = webhooks.map(({ name }) => name).join(', ') || 'no enabled source of kind webhook yet';
  return async ({ source, posts, idempotency }) => {
    const known = sources.find(({ name }) => name === source);
    if (known === undefined) {
      throw new UserError('unknown-source', `There is no source named ${source}.`, {
        fix: `Name a source of kind webhook; the configuration has ${names}.`,
      });
    }
    if (!webhooks.includes(known)) {
      throw new UserError('not-a-webhook', `The source ${source} does not take posts that are pushed in.`, {
        fix: `Name an enabled source of kind webhook; the configuration has ${names}.`,
      });
    }
    const result = await store.push({ source, drafts: posts, idempotency }, clock.now());
    if (result.state === 'conflict') {
      throw new UserError(
        'idempotency-conflict',
        'This Idempotency-Key was used for something else in the last 24 hours.',
        { fix: 'Send a new key with new content, and the same key only with the same content.' },
      );
    }
    return { source, accepted: result.accepted, replayed: result.state === 'replayed' };
  };
}
