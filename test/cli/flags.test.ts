import { expect, it } from 'vitest';
import { makeWorkplace } from './program.ts';

const config = 'store: { path: signals.sqlite }\nflags: { live-events: on }\n';

it('"flags" lists, sets, explains and unsets, and says what has no effect', async () => {
  const { run } = makeWorkplace({ 'config.yaml': config });
  const listed = await run(['flags', 'list']);
  expect(listed.stdout.split('\n')[0]).toBe(
    'learned-relevance\ton\ton\tdefault\tlearning\tWhat you keep and dismiss moves the order of the list',
  );
  const off = await run(['flags', 'set', 'near-duplicates', 'off']);
  expect([off.code, off.stdout, off.stderr]).toEqual([
    0,
    'near-duplicates is off by the store ("flags set").\n',
    '',
  ]);
  const pinned = await run(['flags', 'set', 'live-events', 'off']);
  expect([pinned.stdout, pinned.stderr]).toEqual([
    'live-events is on by the configuration.\n',
    'note: live-events is set in config: this has no effect.\n',
  ]);
  const env = { SIGNAL_HARVESTER_FLAGS__NEAR_DUPLICATES: '50%' };
  const explained = await run(['flags', 'explain', 'near-duplicates', '--subject', 'k3wq7abc'], { env });
  expect(explained.stdout).toMatch(
    /^near-duplicates is (on|off) by the environment: 50% of subjects, and this one stands at \d+\.\d\d%\./,
  );
  expect(explained.stdout).toContain(
    '> 50%     the environment\n  -       the key\n  -       the configuration',
  );
  expect(explained.stdout).toContain('off     the store ("flags set")');
  const { stdout } = await run(['flags', 'unset', 'near-duplicates', '--json']);
  expect(JSON.parse(stdout)).toMatchObject({ flag: { on: true, from: 'default' }, ineffective: null });
});

it.each([
  [['flags', 'set', 'near-duplicate', 'off'], 'did you mean "near-duplicates"?'],
  [['flags', 'set', 'near-duplicates'], 'The state is missing.'],
  [['flags', 'set', 'near-duplicates', 'maybe'], 'is no state of a flag'],
  [['flags', 'explain'], 'Which flag?'],
])('%j ends with 2 and a fix', async (args, words) => {
  const { code, stderr } = await makeWorkplace({ 'config.yaml': config }).run(args);
  expect([code, stderr]).toEqual([2, expect.stringContaining(words)]);
  expect(stderr).toContain('fix:');
});
