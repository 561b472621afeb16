import { type CallerContext, matchCaller } from "./caller-match.ts";
import type { DecidedBy, Decision, DroppedTarget, Fallback, Trace, TraceStep, WhyNot } from "./decision.ts";
import { canRing } from "./ring.ts";
import type { CallFacts, Line, NonEmpty, RedirectAction, Rule, Target } from "./rule.ts";
import { type HolidaySet, type Schedule, scheduleState } from "./schedule.ts";

/** The rows that one call touches. */
export interface RuleBook {
  readonly line?: Line;
  /**
   * Partitions in the order in which they are asked: `all`, overrides (narrowest first), the line, its group, `default`.
   * The rules of each stand in the order of `compareRules`.
   */
  readonly partitions: readonly (readonly Rule[])[];
  /** By name in lower case. A mere set of holidays is neither open nor closed. */
  readonly schedules: ReadonlyMap<string, Schedule | HolidaySet>;
}

/** What a decision takes beside the call and the rows. */
export interface DecisionContext extends CallerContext {
  /** Epoch milliseconds: the moment of the call. */
  readonly atMs: number;
  /** FALLBACK_TARGET. */
  readonly fallbackTargets: readonly Target[];
}

/**
 * Decides a call: the first rule that applies, in the order of the partitions; within one, lower priority first, then the
 * more specific caller, then the name. Without one the line's fallback, then the app's, then reject `none`.
 *
 * A target that is the called line itself, or that already had the call, is left out; a rule left with nobody to ring
 * does not apply. Pure: the same inputs give the same decision.
 */
export function decide(call: CallFacts, book: RuleBook, context: DecisionContext): Decision {
  const asked = new Enquiry(call, book, context);
  for (const rules of book.partitions) {
    const rule = asked.firstThatApplies(rules);
    if (rule === undefined) continue;
    const by: DecidedBy = { kind: "rule", partition: rule.partition, name: rule.name };
    if (rule.action.kind === "reject") return { kind: "reject", by, reason: rule.action.reason, trace: asked.trace };
    return asked.redirect(by, rule.action, asked.usable(rule.name, rule.action.targets));
  }
  const line = asked.usable(LINE_FALLBACK, book.line?.fallback ?? []);
  if (isNonEmpty(line)) return asked.redirect({ kind: "line-fallback" }, PLAIN, line);
  const app = asked.usable(APP_FALLBACK, context.fallbackTargets);
  if (isNonEmpty(app)) return asked.redirect({ kind: "app-fallback" }, PLAIN, app);
  return { kind: "reject", by: { kind: "nothing" }, reason: "none", trace: asked.trace };
}

/** The order of rules within a partition, as far as the rows alone settle it: lower priority, then the name. */
export function compareRules(one: Rule, other: Rule): number {
  return one.priority - other.priority || (one.name < other.name ? -1 : one.name > other.name ? 1 : 0);
}

/** What the trace calls the targets that stand in no rule. */
const LINE_FALLBACK = "line fallback";
const APP_FALLBACK = "FALLBACK_TARGET";

/** How fallback targets ring: together, with Graph's own timeout. */
const PLAIN: Omit<RedirectAction, "targets" | "kind"> = { ring: "all", policies: [], fallback: [] };

/** One call being decided: asks rules, and writes down what each answered. */
class Enquiry {
  readonly #call: CallFacts;
  readonly #book: RuleBook;
  readonly #context: DecisionContext;
  readonly #steps: TraceStep[] = [];
  readonly #dropped: DroppedTarget[] = [];

  constructor(call: CallFacts, book: RuleBook, context: DecisionContext) {
    this.#call = call;
    this.#book = book;
    this.#context = context;
  }

  get trace(): Trace {
    return { steps: this.#steps, dropped: this.#dropped };
  }

  firstThatApplies(rules: readonly Rule[]): Rule | undefined {
    for (let first = 0; first < rules.length; ) {
      const priority = rules[first]?.priority;
      let end = first;
      while (rules[end]?.priority === priority) end++;
      const rule = this.#mostSpecific(rules.slice(first, end));
      if (rule !== undefined) return rule;
      first = end;
    }
    return undefined;
  }

  /** Of rules of one priority, in the order of their names. */
  #mostSpecific(rules: readonly Rule[]): Rule | undefined {
    let best: { rule: Rule; rank: number } | undefined;
    const asked = rules.map((rule) => {
      const answer = this.#ask(rule);
      if (typeof answer === "number" && (best === undefined || answer > best.rank)) best = { rule, rank: answer };
      return { rule, answer };
    });
    for (const { rule, answer } of asked) {
      const step = { partition: rule.partition, rule: rule.name };
      if (typeof answer !== "number") this.#steps.push({ ...step, why: answer });
      else if (best !== undefined && rule !== best.rule) {
        this.#steps.push({ ...step, why: { kind: "less-specific", than: best.rule.name } });
      }
    }
    if (best !== undefined) this.#steps.push({ partition: best.rule.partition, rule: best.rule.name });
    return best?.rule;
  }

  /** How specifically the rule applies, or the first reason why it does not. */
  #ask(rule: Rule): number | WhyNot {
    const { atMs } = this.#context;
    if (!rule.enabled) return { kind: "disabled" };
    if (rule.fromMs !== undefined && atMs < rule.fromMs) return { kind: "not-yet", fromMs: rule.fromMs };
    if (rule.untilMs !== undefined && atMs >= rule.untilMs) return { kind: "lapsed", untilMs: rule.untilMs };
    const closed = this.#askSchedule(rule);
    if (closed !== undefined) return closed;
    const verdict = matchCaller(rule.caller, this.#call, this.#context);
    if (!verdict.matches) {
      return { kind: "caller", ...(verdict.excludedBy === undefined ? {} : { excludedBy: verdict.excludedBy }) };
    }
    if (rule.action.kind === "redirect" && !canRing(rule.action.ring, this.#reachable(rule.action.targets))) {
      this.usable(rule.name, rule.action.targets);
      return { kind: "nobody-left" };
    }
    return verdict.rank;
  }

  #askSchedule({ schedule: condition }: Rule): WhyNot | undefined {
    if (condition === undefined) return undefined;
    const find = (name: string) => this.#book.schedules.get(name.toLowerCase());
    const schedule = find(condition.schedule);
    if (schedule === undefined || !("timeZone" in schedule)) return { kind: "unknown-schedule", condition };
    const state = scheduleState(schedule, find, this.#context.atMs);
    return state.open === condition.negated ? { kind: "schedule", condition, state } : undefined;
  }

  #reachable(targets: readonly Target[]): readonly Target[] {
    return targets.filter((target) => this.#whyDropped(target) === undefined);
  }

  /** The targets that may ring; notes the others in the trace. */
  usable(rule: string, targets: readonly Target[]): readonly Target[] {
    return targets.filter((target) => {
      const because = this.#whyDropped(target);
      if (because !== undefined) this.#dropped.push({ rule, target, because });
      return because === undefined;
    });
  }

  #whyDropped(target: Target): DroppedTarget["because"] | undefined {
    const { called, cameFrom } = this.#call;
    if (target.id === called.id || (target.kind === "phone" && target.id === this.#book.line?.number))
      return "own-line";
    return cameFrom.some(({ id }) => id === target.id) ? "came-from" : undefined;
  }

  redirect(by: DecidedBy, action: Omit<RedirectAction, "targets" | "kind">, targets: readonly Target[]): Decision {
    if (!isNonEmpty(targets)) throw new TypeError("a rule that applies has somebody to ring");
    return {
      kind: "redirect",
      by,
      targets,
      ring: action.ring,
      ...(action.timeoutSeconds === undefined ? {} : { timeoutSeconds: action.timeoutSeconds }),
      policies: action.policies,
      fallbacks: this.#fallbacks(by, action.fallback),
      trace: this.trace,
    };
  }

  #fallbacks(by: DecidedBy, ofRule: readonly Target[]): Fallback[] {
    const sources: [Fallback["of"], string, readonly Target[]][] = [];
    if (by.kind === "rule") {
      sources.push(["rule", by.name, ofRule], ["line", LINE_FALLBACK, this.#book.line?.fallback ?? []]);
    }
    if (by.kind !== "app-fallback") sources.push(["app", APP_FALLBACK, this.#context.fallbackTargets]);
    return sources.flatMap(([of, name, all]) => {
      const targets = this.usable(name, all);
      return isNonEmpty(targets) ? [{ of, targets }] : [];
    });
  }
}

function isNonEmpty<T>(values: readonly T[]): values is NonEmpty<T> {
  return values.length > 0;
}
