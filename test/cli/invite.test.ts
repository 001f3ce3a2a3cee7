import { expect, it } from 'vitest';
import { makeWorkplace } from './program.ts';

const by = ['--scope', 'triage', '--flag', 'live-events=off', '--note', 'first wave'];

it('"invite" creates a code, redeems it once, also when two processes do, and revokes its key with --force', async () => {
  const { run } = makeWorkplace({ 'config.yaml': 'store: { path: signals.sqlite }\n' });
  const created = await run(['invite', 'create', ...by]);
  const code = created.stdout.trim();
  expect(code).toMatch(/^SHI(-[0-9A-HJKMNP-TV-Z]{4}){8}$/);
  const id = code.slice(4, 8);
  expect(created.stderr).toContain(`Invitation ${id} (triage), until `);
  const list = async () => JSON.parse((await run(['invite', 'list', '--json'])).stdout);
  expect(await list()).toMatchObject({
    invitations: [{ id, status: 'pending', flags: { 'live-events': 'off' } }],
    counts: { pending: 1, active: 0 },
  });

  const both = await Promise.all([
    run(['invite', 'redeem', code]),
    run(['invite', 'redeem', code, '--json']),
  ]);
  expect(both.map((ended) => ended.code).toSorted()).toEqual([0, 2]);
  expect(both.map(({ stderr }) => stderr).join('')).toContain('This code cannot be redeemed.');
  const [active] = (await list()).invitations;
  expect(active).toMatchObject({ id, status: 'active', note: 'first wave' });
  expect(JSON.parse((await run(['keys', 'list', '--json'])).stdout).keys).toHaveLength(1);

  const planned = await run(['invite', 'revoke', id.toLowerCase()]);
  expect([planned.code, planned.stdout]).toEqual([
    2,
    `Plan: End the key ${active.keyId} that invitation ${id} (first wave) became; whoever uses it is refused from then on.\n`,
  ]);
  expect((await list()).counts.active).toBe(1);
  expect((await run(['invite', 'revoke', id, '--force'])).stdout).toBe(
    `Revoked the invitation ${id} and its 1 key ${active.keyId}.\n`,
  );
  const again = await run(['invite', 'revoke', id, '--force', '--json']);
  expect([again.code, JSON.parse(again.stderr).error.code]).toEqual([2, 'invitation-ended']);
  const shown = await run(['invite', 'list']);
  expect([shown.stdout.split('\t')[1], shown.stderr]).toEqual([
    'revoked',
    '0 pending, 0 active, 0 expired, 1 revoked\n',
  ]);
  for (const { stdout, stderr } of [shown, ...both]) expect(stdout + stderr).not.toContain(code.slice(9));
});

it('"invite revoke" of a pending one says that its code ends', async () => {
  const { run } = makeWorkplace({ 'config.yaml': 'store: { path: signals.sqlite }\n' });
  const code = (await run(['invite', 'create', '--scope', 'read'])).stdout.trim();
  const { stdout } = await run(['invite', 'revoke', code.slice(4, 8)]);
  expect(stdout).toContain('Plan: End the code of invitation');
  const wrong = await run(['invite', 'redeem', `${code.slice(0, -1)}?`]);
  expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('a character is wrong')]);
});
