import { type CallerContext, matchCaller } from "./caller-match.ts";
import type { DecidedBy, Decision, DroppedTarget, Fallback, Trace, TraceStep, WhyNot } from "./decision.ts";
import { canRing } from "./ring.ts";
import type { CallFacts, Line, NonEmpty, RedirectAction, Rule, Target } from "./rule.ts";
import { type HolidaySet, type Schedule, type ScheduleState, scheduleState } from "./schedule.ts";

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
  /** That the call's chain keeps coming back: rules are then not asked, so that it ends. */
  readonly goesRound?: boolean;
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
  for (const rules of context.goesRound ? [] : book.partitions) {
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

/** A rule that applies, how specifically, and where its step stands in the trace. */
interface Applying {
  readonly rule: Rule;
  readonly rank: number;
  readonly step: number;
}

const OTHER_CALLERS: WhyNot = { kind: "caller" };

/** One call being decided: asks rules, and writes down what each answered. */
class Enquiry {
  readonly #call: CallFacts;
  readonly #book: RuleBook;
  readonly #context: DecisionContext;
  readonly #steps: TraceStep[] = [];
  readonly #dropped: DroppedTarget[] = [];
  readonly #states = new Map<string, ScheduleState | undefined>();

  constructor(call: CallFacts, book: RuleBook, context: DecisionContext) {
    this.#call = call;
    this.#book = book;
    this.#context = context;
  }

  get trace(): Trace {
    return { steps: this.#steps, dropped: this.#dropped, ...(this.#context.goesRound ? { goesRound: true } : {}) };
  }

  /** The rule of a partition that decides, if any. */
  firstThatApplies(rules: readonly Rule[]): Rule | undefined {
    for (let first = 0; first < rules.length; ) {
      const priority = rules[first]?.priority;
      const applying: Applying[] = [];
      let next = first;
      for (let rule = rules[next]; rule !== undefined && rule.priority === priority; rule = rules[++next]) {
        const { partition, name } = rule;
        const answer = this.#ask(rule);
        if (typeof answer === "number") {
          applying.push({ rule, rank: answer, step: this.#steps.length });
          this.#steps.push({ partition, rule: name });
        } else {
          this.#steps.push({ partition, rule: name, why: answer });
        }
      }
      if (applying.length > 0) return this.#mostSpecific(applying);
      first = next;
    }
    return undefined;
  }

  /** Of rules of one priority that apply, in the order of their names. The one that decides is the trace's last. */
  #mostSpecific(applying: readonly Applying[]): Rule | undefined {
    const [best] = applying.toSorted((one, other) => other.rank - one.rank || one.step - other.step);
    if (best === undefined) return undefined;
    for (const { rule, step } of applying) {
      const why: WhyNot = { kind: "less-specific", than: best.rule.name };
      if (rule !== best.rule) this.#steps[step] = { partition: rule.partition, rule: rule.name, why };
    }
    this.#steps.push(...this.#steps.splice(best.step, 1));
    return best.rule;
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
      return verdict.excludedBy === undefined ? OTHER_CALLERS : { kind: "caller", excludedBy: verdict.excludedBy };
    }
    if (rule.action.kind === "redirect" && !canRing(rule.action.ring, this.#reachable(rule.action.targets))) {
      this.usable(rule.name, rule.action.targets);
      return { kind: "nobody-left" };
    }
    return verdict.rank;
  }

  #askSchedule({ schedule: condition }: Rule): WhyNot | undefined {
    if (condition === undefined) return undefined;
    const state = this.#stateOf(condition.schedule);
    if (state === undefined) return { kind: "unknown-schedule", condition };
    return state.open === condition.negated ? { kind: "schedule", condition, state } : undefined;
  }

  /** Asked once a schedule, however many rules name it. */
  #stateOf(name: string): ScheduleState | undefined {
    if (this.#states.has(name)) return this.#states.get(name);
    const find = (each: string) => this.#book.schedules.get(each.toLowerCase());
    const schedule = find(name);
    const isSchedule = schedule !== undefined && "timeZone" in schedule;
    const state = isSchedule ? scheduleState(schedule, find, this.#context.atMs) : undefined;
    this.#states.set(name, state);
    return state;
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
