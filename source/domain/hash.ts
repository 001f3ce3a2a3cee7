/** FNV-1a over UTF-16 units with a murmur3 finish, unsigned 32 bits. */
export function hash32(text: string, seed: number): number {
  let hash = seed;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** 47 bits, which leave three of the fifty that a key has. */
export function hash47(text: string): number {
  return (hash32(text, 0x811c9dc5) % 0x8000) * 0x1_0000_0000 + hash32(text, 0x9747b28c);
}
