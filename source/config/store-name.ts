/** Names that are a file on every platform, with room for what SQLite and snapshots append (255 bytes). */
export const storeNamePattern = /^[\p{L}\p{N}][\p{L}\p{M}\p{N}._-]{0,39}$/u;

const longest = 40;

/**
 * The name of the store for what somebody listens for: "Acme Cloud" becomes
 * `acme-cloud`. Without letters or digits in it, the name of the first source
 * has to do, then `signals`.
 */
export function storeNameFor(topic: string, firstSource: string): string {
  return [topic, firstSource].map(nameOf).find((name) => name !== '') ?? 'signals';
}

function nameOf(words: string): string {
  const plain = words
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, '-')
    .replace(/^[-\p{M}]+/u, '');
  const name = [...plain].slice(0, longest).join('').replace(/-+$/, '');
  return storeNamePattern.test(name) ? name : '';
}
