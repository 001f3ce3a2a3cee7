import { expect, test } from 'vitest';
import { makeWorkplace } from './program.ts';

const config = `store: { path: plantedstore.sqlite }
topic: plantedtopic
sources: [{ name: plantedname, kind: rss, url: "https://plantedhost.example/feed" }]
`;

test('feedback is sent, listed, exported safely and removed; diagnostics are printed and hold nothing of the configuration', async () => {
  const place = makeWorkplace({ 'config.yaml': config });
  const sent = await place.run(['feedback', 'send', '-', '--mood', 'good', '--diagnostics', '--json'], {
    input: '=SUM(1)\nsecond line\n',
    env: { OPENAI_API_KEY: 'plantedkey-0123456789' },
  });
  expect(sent.code).toBe(0);
  expect(sent.stderr).toContain('These diagnostics are added:');
  const kept = JSON.parse(sent.stdout);
  expect(kept).toMatchObject({ id: 1, text: '=SUM(1)\nsecond line', mood: 'good', via: 'cli', screen: null });
  expect(kept.diagnostics.sources).toEqual([{ kind: 'rss', enabled: true, options: ['url'] }]);
  expect(sent.stdout + sent.stderr).not.toContain('planted');

  // Without a terminal nobody is asked, and nothing is added.
  const plain = await place.run(['feedback', 'send', 'no', 'quotes', '--json']);
  expect(JSON.parse(plain.stdout)).toMatchObject({ id: 2, text: 'no quotes', diagnostics: null });
  expect(plain.stderr).toBe('');

  const csv = await place.run(['feedback', 'export', '--format', 'csv']);
  expect(csv.stdout).toContain('"\'=SUM(1)\nsecond line"');
  const refused = await place.run(['feedback', 'remove', '1', '2']);
  expect([refused.code, refused.stdout]).toEqual([2, expect.stringContaining('Plan: Remove 2 pieces')]);
  expect((await place.run(['feedback', 'remove', '1', '--force'])).code).toBe(0);
  const listed = await place.run(['feedback', 'list', '--json']);
  expect(JSON.parse(listed.stdout).feedback.map(({ id }: { id: number }) => id)).toEqual([2]);
});
