import { describe, expect, test } from 'vitest';
import type { Notifier } from '../../source/ports/notifier.ts';
import { outgoing, signalMessage, updateMessage } from '../notifiers/messages.ts';

/** A notifier with a service behind it that can be made to misbehave. */
export interface NotifierWorld {
  readonly notifier: Notifier;
  /** Texts that arrived, oldest first. */
  arrived(): readonly string[];
  /** From now on nobody answers where the service was. */
  goAway(): Promise<void>;
  /** The service does not know us any more; absent where it never asks. */
  lockOut?(): Promise<Notifier>;
}

/** What every notifier keeps, whatever its service (the port's own words). */
export function notifierContract(kind: string, open: () => Promise<NotifierWorld>): void {
  describe(`${kind} keeps what every notifier promises`, () => {
    test('one send is one message, with the words of the post', async () => {
      const { notifier, arrived } = await open();
      expect(await notifier.send(outgoing())).toHaveProperty('receipt');
      expect(arrived()).toHaveLength(1);
      expect(arrived()[0]).toContain('Login is down for everybody');
      expect(arrived()[0]).toContain('show 42');
    });

    test('a reply to its own receipt is taken', async () => {
      const { notifier, arrived } = await open();
      const first = await notifier.send(outgoing());
      const thread = 'receipt' in first ? first.receipt.reference : null;
      if (notifier.threads) expect(thread).not.toBeNull();
      const reply = outgoing({ key: 'second-delivery', message: updateMessage, thread });
      expect(await notifier.send(reply)).toHaveProperty('receipt');
      expect(arrived()[1]).toContain('12 reports');
    });

    test('hostile text arrives as text', async () => {
      const { notifier, arrived } = await open();
      const text = '\u001b]52;c;AAAA\u0007 \u202e<!channel> ``` \u0000 *bold* &amp; <@U0>';
      expect(await notifier.send(outgoing({ message: signalMessage({ text }) }))).toHaveProperty('receipt');
      expect(arrived()[0]).not.toMatch(/[\u0000-\u0008\u000e-\u001f\u202a-\u202e]/);
    });

    test('a service that is gone is a failure that may be tried later, and nothing is thrown', async () => {
      const world = await open();
      await world.goAway();
      const outcome = await world.notifier.send(outgoing());
      if (world.notifier.kind === 'stdout') return;
      expect(outcome).toMatchObject({ failure: { policy: expect.stringMatching(/later|again/) } });
      const failure = 'failure' in outcome ? outcome.failure : null;
      expect(failure?.message).toMatch(/\.$/);
    });

    test('a service that does not know us says what to mend, and is not asked in vain', async () => {
      const { lockOut } = await open();
      if (lockOut === undefined) return;
      const notifier = await lockOut();
      const outcome = await notifier.send(outgoing());
      expect(outcome).toMatchObject({ failure: { policy: 'later', arrived: 'no', fix: expect.any(String) } });
    });

    test('a check sends nothing', async () => {
      const { notifier, arrived } = await open();
      expect((await notifier.check()).finding).not.toBe('');
      expect(arrived()).toEqual([]);
    });
  });
}
