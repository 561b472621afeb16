import type { Line, Rule, Target } from "../routing/rule.ts";
import type { Directory } from "./directory.ts";
import { atLine, atRule, type Finding, formatCaller, nameOfRule } from "./finding.ts";
import { isLine, targetsThatMayRing } from "./never-applies.ts";
import { sharesAllTime, takesEveryCall, takesEveryCallAt } from "./shadows.ts";

/** One way in which a call to a line becomes a call to another. */
export interface Hop {
  readonly to: Line;
  /** What sends it there: `default/night`, or whose fallback. */
  readonly by: string;
  readonly place: Pick<Finding, "table" | "partitionKey" | "rowKey" | "column">;
  /** What must hold for it; empty when every call takes this way. */
  readonly when: readonly string[];
}

/** A rule of a partition that matters to where calls go on to, and how many stand before it. */
interface Step {
  readonly rule: Rule;
  readonly index: number;
  /** When it takes every call, by `takesEveryCallAt`. */
  readonly takesAllAt: string | undefined;
  /** What must hold for it to apply. */
  readonly when: readonly string[];
}

/**
 * Ways on from one line that are looked at, at most: so the time grows with the number of lines, however many rules they
 * share. What is left shows once these are mended.
 */
const MOST_HOPS = 100;

/** Where calls to lines go on to, by the rules that may decide. */
export class Hops {
  readonly #directory: Directory;
  readonly #live: ReadonlyMap<string, readonly Rule[]>;
  readonly #steps = new Map<string, readonly Step[]>();
  readonly #overrides = new Map<string, Rule[]>();
  readonly #overridesForAll: Rule[] = [];

  /** @param live by partition: the rules that may decide */
  constructor(live: ReadonlyMap<string, readonly Rule[]>, directory: Directory) {
    this.#live = live;
    this.#directory = directory;
    for (const rule of live.get("override") ?? []) {
      const lines = directory.linesInScope(rule.scope ?? rule.name);
      if (lines === undefined) this.#overridesForAll.push(rule);
      for (const { id } of lines ?? []) this.#overrides.set(id, [...(this.#overrides.get(id) ?? []), rule]);
    }
  }

  /** @returns in the order of decision, up to the rule that, alone or with one before it, takes every call of the line */
  from(line: Line): readonly Hop[] {
    const hops: Hop[] = [];
    const taken = new Set<string>();
    let isFirst = true;
    for (const partition of this.#partitionsOf(line)) {
      let left = 0;
      for (const step of this.#stepsOf(partition)) {
        if (blocksSome(step.rule) || !this.#rings(step.rule, line)) {
          left++;
          continue;
        }
        hops.push(...this.#hopsOf(line, step, isFirst && step.index === left));
        const { takesAllAt } = step;
        const takesRest = takesAllAt !== undefined && sharesAllTime(takesAllAt, taken);
        if (takesRest || hops.length >= MOST_HOPS) return [...hops, ...this.#lineFallback(line, [REFUSED])];
        if (takesAllAt !== undefined) taken.add(takesAllAt);
      }
      isFirst &&= this.#rulesOf(partition).length === left;
    }
    return [...hops, ...this.#lineFallback(line, isFirst ? [] : ["no rule applies"])];
  }

  /** Whether anybody ever answers a call to the line, or rejects it on purpose. */
  isAnswered(line: Line): boolean {
    if (line.fallback.some((target) => !isLine(target, line))) return true;
    const answers = (rule: Rule) =>
      rule.action.kind === "reject" ? takesEveryCall(rule, this.#directory) : this.#rings(rule, line);
    // An override is there for a while only.
    return this.#partitionsOf(line).some(
      (partition) => typeof partition === "string" && this.#rulesOf(partition).some(answers),
    );
  }

  #partitionsOf(line: Line): readonly (string | readonly Rule[])[] {
    const group = this.#directory.groupKey(line);
    const overrides = [...(this.#overrides.get(line.id) ?? []), ...this.#overridesForAll];
    return ["all", overrides, line.id, ...(group === undefined ? [] : [group]), "default"];
  }

  #rulesOf(partition: string | readonly Rule[]): readonly Rule[] {
    return typeof partition === "string" ? (this.#live.get(partition) ?? []) : partition;
  }

  #stepsOf(partition: string | readonly Rule[]): readonly Step[] {
    if (typeof partition !== "string") return this.#findSteps(partition);
    const known = this.#steps.get(partition);
    if (known !== undefined) return known;
    const steps = this.#findSteps(this.#rulesOf(partition));
    this.#steps.set(partition, steps);
    return steps;
  }

  #findSteps(rules: readonly Rule[]): readonly Step[] {
    return rules.flatMap((rule, index) => {
      const takesAllAt = takesEveryCallAt(rule, this.#directory);
      const matters = takesAllAt !== undefined || blocksSome(rule) || leadsToLine(rule, this.#directory);
      const when = takesEveryCall(rule, this.#directory) ? [] : this.#conditionsOf(rule);
      return matters ? [{ rule, index, takesAllAt, when }] : [];
    });
  }

  #rings(rule: Rule, line: Line): boolean {
    return rule.action.kind === "reject" || targetsThatMayRing(rule).some((target) => !isLine(target, line));
  }

  #hopsOf(line: Line, { rule, when: conditions }: Step, isFirst: boolean): Hop[] {
    const { action } = rule;
    if (action.kind === "reject") return [];
    const targets = targetsThatMayRing(rule).filter((target) => !isLine(target, line));
    const alone = targets.length === 1 ? [] : [action.ring === "all" ? "nobody else answers first" : "its turn comes"];
    const when = isFirst ? conditions : [...conditions, "no earlier rule decides"];
    const hops = (to: readonly Target[], column: string, also: readonly string[]) =>
      this.#to(line, to, { by: nameOfRule(rule), place: { ...atRule(rule), column }, when: [...when, ...also] });
    return [...hops(targets, "targets", alone), ...hops(action.fallback, "fallback", [REFUSED])];
  }

  #conditionsOf({ caller, schedule, fromMs, untilMs }: Rule): readonly string[] {
    const { atMs } = this.#directory.context;
    return [
      ...(formatCaller(caller) === "*" ? [] : [`the caller is ${formatCaller(caller)}`]),
      ...(schedule === undefined ? [] : [`${schedule.schedule} is ${schedule.negated ? "closed" : "open"}`]),
      ...(fromMs !== undefined && fromMs > atMs ? [`it is ${new Date(fromMs).toISOString()} or later`] : []),
      ...(untilMs === undefined ? [] : [`it is before ${new Date(untilMs).toISOString()}`]),
    ];
  }

  #lineFallback(line: Line, when: readonly string[]): Hop[] {
    const place = { ...atLine(line.id), column: "fallback" };
    return this.#to(line, line.fallback, { by: "the line's fallback", place, when });
  }

  #to(from: Line, targets: readonly Target[], hop: Omit<Hop, "to">): Hop[] {
    return targets.flatMap((target) => {
      const to = isLine(target, from) ? undefined : this.#directory.lineAt(target);
      return to === undefined ? [] : [{ ...hop, to }];
    });
  }
}

const REFUSED = "Graph refuses the targets";

/** Whether a rule rejects a few callers, which says nothing of the others: a loop goes round all the same. */
function blocksSome({ action, caller }: Rule): boolean {
  return action.kind === "reject" && !caller.include.some(({ kind }) => kind === "anyone" || kind === "class");
}

function leadsToLine({ action }: Rule, directory: Directory): boolean {
  if (action.kind === "reject") return false;
  return [...action.targets, ...action.fallback].some((target) => directory.lineAt(target) !== undefined);
}
