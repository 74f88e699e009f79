/**
 * The digest of heads that every heartbeat carries: the XOR over all conversations of FNV-1a-32 of
 * `<conversationId>:<headSeq>`, as eight hex digits. Equal digests mean that nothing was missed.
 */

const OFFSET = 0x811c9dc5;
const PRIME = 0x01000193;

/** FNV-1a over ASCII, unsigned 32 bit. */
export function fnv1a32(text: string): number {
  let hash = OFFSET;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), PRIME);
  }
  return hash >>> 0;
}

/** Order does not matter; no conversations give `00000000`. */
export function headsDigest(heads: Iterable<{ id: string; headSeq: number }>): string {
  let digest = 0;
  for (const { id, headSeq } of heads) digest ^= fnv1a32(`${id}:${headSeq}`);
  return (digest >>> 0).toString(16).padStart(8, '0');
}
