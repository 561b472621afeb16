import type { Wrong } from "../errors.ts";
import { normaliseGuid } from "./party.ts";
import { normaliseNumber, type Region } from "./phone-number.ts";
import { MOST_TARGETS, type Target } from "./rule.ts";

/** The words that rows use for Graph's identity kinds. */
const WORDS = {
  user: "user",
  phone: "phone",
  application: "app",
  applicationInstance: "resource",
} as const satisfies Record<Target["kind"], string>;

const KINDS: ReadonlyMap<string, Target["kind"]> = new Map([
  ["user", "user"],
  ["phone", "phone"],
  ["app", "application"],
  ["resource", "applicationInstance"],
]);

const WEIGHT = /(?<=["\s])[x×]\s*(-?[\d.]+)$/iu;
const MOST_WEIGHT = 1000;
const TARGET = /^(\w+)\s*:([^"]*)(?:"([^"]*)")?$/u;

/**
 * Reads targets: comma-separated `user:ID`, `phone:NUMBER`, `app:ID`, `resource:ID`, each optionally followed by a
 * `"Display name"` and a weight `x3` (1 when absent). Commas within a name do not separate. A target named twice counts
 * once, with its first name and weight.
 *
 * @returns the targets (none for an empty text), or the sentence that says which is wrong and what would be right
 */
export function parseTargets(text: string, region?: Region): readonly Target[] | Wrong {
  const targets: Target[] = [];
  for (const entry of splitOutsideQuotes(text.replace(/[“”„«»]/g, '"'))) {
    const target = parseTarget(entry, region);
    if ("wrong" in target) return target;
    if (!targets.some(({ kind, id }) => kind === target.kind && id === target.id)) targets.push(target);
  }
  return targets;
}

/** Refuses what Graph would refuse of targets that ring together. */
export function tooMany(targets: readonly Target[]): string | undefined {
  if (targets.length <= MOST_TARGETS) return undefined;
  return `${targets.length} targets: at most ${MOST_TARGETS} can ring together`;
}

/** A target as a person would type it. */
export function formatTarget({ kind, id, displayName, weight }: Target): string {
  const name = displayName === undefined ? "" : ` "${displayName}"`;
  return `${WORDS[kind]}:${id}${name}${weight === 1 ? "" : ` x${weight}`}`;
}

function splitOutsideQuotes(text: string): string[] {
  const entries = text.match(/(?:"[^"]*"|[^",;\n])+/g) ?? [];
  return entries.map((entry) => entry.trim()).filter((entry) => entry !== "");
}

function parseTarget(entry: string, region: Region | undefined): Target | Wrong {
  const weight = Number(WEIGHT.exec(entry)?.[1] ?? 1);
  const [, word = "", rest = "", displayName] = TARGET.exec(entry.replace(WEIGHT, "").trim()) ?? [];
  const kind = KINDS.get(word.toLowerCase());
  if (kind === undefined) {
    return { wrong: `"${entry}" is no target: write user:ID, phone:NUMBER, app:ID or resource:ID` };
  }
  const id = kind === "phone" ? normaliseNumber(rest, region) : normaliseGuid(rest);
  if (id === undefined) {
    const example = kind === "phone" ? "phone:+14255550100" : `${word}:6d17c2f5-eac8-588b-835e-843f1323bef3`;
    return {
      wrong: `"${entry}" has no ${kind === "phone" ? "number that can be dialled" : "id"}: write it as ${example}`,
    };
  }
  if (!Number.isInteger(weight) || weight < 0 || weight > MOST_WEIGHT) {
    return { wrong: `"${entry}" has a wrong weight: write x0 to x${MOST_WEIGHT}` };
  }
  return { kind, id, ...(displayName ? { displayName } : {}), weight };
}
