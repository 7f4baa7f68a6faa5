/**
 * Thousands of names as one short text: three bytes of a hash each. That a new one is taken for one
 * of 5,000 known ones happens once in 3,000.
 */
export function keySetOf(keys: readonly string[]): string {
  const bytes = Buffer.alloc(keys.length * 3);
  const hashes = keys.map(hashOf).sort((a, b) => a - b);
  for (const [index, hash] of hashes.entries()) bytes.writeUIntBE(hash, index * 3, 3);
  return bytes.toString("base64");
}

export function keysIn(set: string): (key: string) => boolean {
  const bytes = Buffer.from(set, "base64");
  const hashes = new Set<number>();
  for (let at = 0; at + 3 <= bytes.length; at += 3) hashes.add(bytes.readUIntBE(at, 3));
  return (key) => hashes.has(hashOf(key));
}

/** FNV-1a, folded to 24 bits. http://www.isthe.com/chongo/tech/comp/fnv/ */
function hashOf(key: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(key)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return (hash >>> 24) ^ (hash & 0xffffff);
}
