import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { secretScrubber } from '../../source/config/secrets.ts';
import { codeBytes, makeInvitationCode } from '../../source/domain/invitation-code.ts';

const scrub = secretScrubber({ X_BEARER_TOKEN: 'a secret of a service' });

describe('what leaves the program', () => {
  test('has no code of an invitation in it, however it was typed; its id stays', () => {
    const bytes = fc.uint8Array({ minLength: codeBytes, maxLength: codeBytes });
    fc.assert(
      fc.property(bytes, (random) => {
        const { id, code } = makeInvitationCode(random);
        const bare = code.replaceAll('-', '');
        for (const form of [code, code.toLowerCase(), code.replaceAll('-', ' '), bare]) {
          const said = scrub(`{"detail":"${form}"}`);
          expect(said.toUpperCase()).toContain(id);
          for (const part of [code.slice(9, 18), bare.slice(7, 15)])
            expect(said.toUpperCase().replaceAll(' ', '-')).not.toContain(part);
        }
      }),
    );
  });

  test('has neither the tokens of keys nor the secrets of services in it', () => {
    const token = `shk_k3wq7abc_${'A'.repeat(43)}`;
    expect(scrub(`${token} and a secret of a service`)).toBe('shk_k3wq7abc_[secret] and [secret]');
  });

  test.each([
    'shipping is fine and late and then some more word here',
    'Shi this that then when what were here also from next week',
    'SHI-ABCD',
    'finish-1234-1234-1234-1234-1234-1234-1234-1234',
  ])('keeps ordinary words: %s', (text) => {
    expect(scrub(text)).toBe(text);
  });
});
