import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../store/temporary-store.ts';
import { killSenders, raceSenders } from './kill-trial.ts';

test('three senders at once tell each signal once', async () => {
  const race = { deliveries: 60, senders: 3 };
  expect(await raceSenders(temporaryFolder(), race)).toEqual({ messages: 60, signals: 60 });
}, 120_000);

describe('kill -9 while messages are sent', () => {
  test('loses none and tells Slack none twice: what was taken is found again', async () => {
    const tally = await killSenders(temporaryFolder(), 'slack', { deliveries: 40, kills: 20 });
    expect(tally).toMatchObject({ lost: 0, doubled: 0, breaches: [] });
    expect(tally.kills).toBe(20);
  }, 240_000);

  test('loses none at a webhook, and doubles at most what was under way, with the same id', async () => {
    const tally = await killSenders(temporaryFolder(), 'webhook', { deliveries: 60, kills: 10 });
    expect(tally).toMatchObject({ lost: 0, doubledById: 0 });
    expect(tally.doubled).toBeLessThanOrEqual(tally.inWindow);
  }, 240_000);
});
