import { expect, test } from 'vitest';
import { draftPost } from '../../source/domain/post.ts';
import { analystName } from '../../source/harvester/triage.ts';
import { listSource } from '../pipeline/scripted.ts';
import { temporaryStore } from '../store/temporary-store.ts';
import { application } from './application.ts';

test('what is decided at this machine stands in the journal under the name of the configuration', async () => {
  const post = draftPost({ externalId: '1', text: 'The login page is down', createdAt: Date.now() });
  const harvester = application(await temporaryStore(), [listSource('one', [post])], { analyst: 'ann' });
  await harvester.run({});
  await harvester.triage.apply({ action: 'status', status: 'escalated' }, { ids: [1] });
  await harvester.triage.apply({ action: 'note', text: 'seen' }, { ids: [1] });
  const signal = await harvester.signals.get(1);
  expect(signal?.journal.map(({ actor }) => actor)).toEqual(['ann', 'ann']);
  expect(signal?.notes).toMatchObject([{ author: 'ann' }]);
});

test('nobody has the name under which the program decides, and nobody is without a name', () => {
  expect(analystName('program')).toBe('analyst');
  expect(analystName(' \u001b[31m ')).not.toMatch(/\u001b/);
  expect(analystName('')).toBe('analyst');
  expect(analystName('n'.repeat(300))).toBe('n'.repeat(60));
});
