/**
 * Chance without a state: the same seed, stream and index always give the same number, in any order of asking. So two runs
 * that differ in one setting give every call the same luck, and what differs in their results is the setting's doing.
 *
 * @param stream what is drawn, so that two draws for one call are independent
 * @param index which one, a whole number
 * @returns from 0 (included) to 1 (not included)
 */
export function uniform(seed: number, stream: number, index: number): number {
  return mix(mix(mix(seed) ^ Math.imul(stream, 0x9e3779b1)) ^ index) / 2 ** 32;
}

/** The hash `triple32` of the hash prospector: for counted inputs too, every bit moves about half of the output's. */
function mix(word: number): number {
  let bits = word + 0x6d2b79f5;
  bits = Math.imul(bits ^ (bits >>> 17), 0xed5ad4bb);
  bits = Math.imul(bits ^ (bits >>> 11), 0xac4c1b51);
  bits = Math.imul(bits ^ (bits >>> 15), 0x31848bab);
  return (bits ^ (bits >>> 14)) >>> 0;
}
