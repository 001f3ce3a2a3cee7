import { draftPost } from '../../source/domain/post.ts';
import { openSource } from '../../source/sources/open.ts';
import { describeSourceContract } from '../contracts/source.ts';
import { temporaryStore } from '../store/temporary-store.ts';

describeSourceContract('webhook', async () => {
  const store = await temporaryStore();
  let count = 0;
  const writing: Promise<unknown>[] = [];
  const add = (howMany: number): readonly string[] => {
    const ids = Array.from({ length: howMany }, (_, index) => `post-${count + index}`);
    count += howMany;
    const drafts = ids.map((externalId) => draftPost({ externalId, text: `text of ${externalId}` }));
    writing.push(store.push({ source: 'desk', drafts, idempotency: null }, 1));
    return ids;
  };
  await store.push(
    { source: 'other', drafts: [draftPost({ externalId: 'no', text: 'not mine' })], idempotency: null },
    1,
  );
  const ids = add(250);
  await Promise.all(writing);
  const inbox = {
    pushed: async (...args: Parameters<typeof store.pushed>) => {
      await Promise.all(writing);
      return store.pushed(...args);
    },
  };
  return {
    open: () => openSource({ name: 'desk', kind: 'webhook' }, { inbox } as never),
    ids,
    hasBrokenItem: false,
    add,
  };
});
