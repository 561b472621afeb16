import { MOST_TARGETS, type NonEmpty, type RingMode, type Target } from "./rule.ts";

/**
 * Which of a rule's targets ring: all of them (the first 25), or one by weight. Pure: `random` depends on the call's id
 * alone, so a repeated delivery rings the same target; `round-robin` on the turn it is given.
 *
 * @param turn how many calls this rotation has served; undefined when nobody could say, which makes it `random`
 */
export function ringTargets(
  ring: RingMode,
  targets: NonEmpty<Target>,
  callId: string,
  turn: number | undefined,
): NonEmpty<Target> {
  const [first, ...others] = targets;
  if (ring === "all") return [first, ...others.slice(0, MOST_TARGETS - 1)];
  const weights = targets.map(({ weight }) => weight);
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  const share = ring === "round-robin" && turn !== undefined ? turn % whole : fractionOf(callId) * whole;
  return [targetAt(targets, share)];
}

/** Whether any target can be chosen at all: with every weight 0, only `all` rings somebody. */
export function canRing(ring: RingMode, targets: readonly Target[]): targets is NonEmpty<Target> {
  return targets.length > 0 && (ring === "all" || targets.some(({ weight }) => weight > 0));
}

function targetAt(targets: NonEmpty<Target>, share: number): Target {
  let passed = 0;
  for (const target of targets) {
    passed += target.weight;
    if (share < passed) return target;
  }
  return targets[0];
}

/** A call id spread evenly over 0 (included) to 1 (excluded): FNV-1a, then MurmurHash3's finalizer against its patterns. */
function fractionOf(callId: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < callId.length; index++) {
    hash = Math.imul(hash ^ callId.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
