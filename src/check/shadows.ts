import { ANYONE, type CallerTerm, formatTerm, rankOf } from "../routing/caller-match.ts";
import { normaliseGuid } from "../routing/party.ts";
import type { Rule } from "../routing/rule.ts";
import { contributing, covers, widerTerms } from "./caller-cover.ts";
import type { Directory } from "./directory.ts";
import { isLine, targetsThatMayRing } from "./never-applies.ts";
import type { Steps } from "./steps.ts";

/** Why a rule never decides: the rules that take all of its calls before it. */
export interface Shadow {
  /** One, or two of which one applies while a schedule is open and the other while it is closed. */
  readonly by: readonly [Rule] | readonly [Rule, Rule];
  /**
   * False: no call at all is left. True: those are left that the earlier rules cannot take, because everyone whom they
   * would ring already had the call or is the called line itself.
   */
  readonly exceptFromTargets: boolean;
}

/**
 * The rules of a partition that others take all calls from, each proved by one rule before it, or by two that share a
 * schedule between them. Callers, windows and schedules are compared; who is on a list is not.
 *
 * @param rules of one partition that may apply at some time
 * @param first what is asked before the partition: the rules of `all`
 */
export function* findShadows(
  rules: readonly Rule[],
  first: Rivals | undefined,
  directory: Directory,
): Steps<Map<Rule, Shadow>> {
  const shadows = new Map<Rule, Shadow>();
  const rivals = new Rivals(rules, directory);
  for (const rule of rules) {
    yield;
    const shadow = first?.shadowOf(rule, () => always) ?? rivals.shadowOf(rule, (rival) => precedence(rival, rule));
    if (shadow === undefined) continue;
    shadows.set(rule, shadow);
    // Whatever takes its calls takes those that it would have taken from others.
    if (!shadow.exceptFromTargets) rivals.forget(rule);
  }
  return shadows;
}

/** Whether the rule of one entry decides, when both rules apply to a caller whom their entries take. */
type Outranks = (wider: CallerTerm, term: CallerTerm) => boolean;

const always: Outranks = () => true;

function precedence(rival: Rule, rule: Rule): Outranks | undefined {
  if (rival.priority !== rule.priority) return rival.priority < rule.priority ? always : undefined;
  const isFirstByName = rival.name < rule.name;
  return (wider, term) => rankOf(wider) > rankOf(term) || (isFirstByName && rankOf(wider) === rankOf(term));
}

/**
 * Rules looked at for one, at most: so the time grows with the number of rules and not with its square. A rule with more
 * rivals than that, all for the same callers under the same schedule, may go unproved.
 */
const MOST_RIVALS = 500;
/** How many more of them, when one was found that takes nearly all calls, for one that takes them all. */
const MOST_BETTER_RIVALS = 20;

/** Rules that may take others' calls, found by an entry of the caller column and by schedule. */
export class Rivals {
  readonly #directory: Directory;
  readonly #byTerm = new Map<string, Map<string, Set<Rule>>>();
  /** Schedules that rules name, and whether one of them names it so that calls find it: then they all do. */
  readonly #schedules = new Map<string, boolean>();

  constructor(rules: readonly Rule[], directory: Directory) {
    this.#directory = directory;
    for (const rule of rules) {
      const schedule = scheduleKeyOf(rule, directory);
      const found = rule.schedule !== undefined && isFound(rule.schedule.schedule, directory);
      this.#schedules.set(schedule, found || this.#schedules.get(schedule) === true);
      for (const term of rule.caller.include) {
        const bySchedule = entryOf(this.#byTerm, formatTerm(term), () => new Map<string, Set<Rule>>());
        entryOf(bySchedule, schedule, () => new Set<Rule>()).add(rule);
      }
    }
  }

  forget(rule: Rule): void {
    const schedule = scheduleKeyOf(rule, this.#directory);
    for (const term of rule.caller.include) this.#byTerm.get(formatTerm(term))?.get(schedule)?.delete(rule);
  }

  /** @param before how a rival goes before the rule, if it does */
  shadowOf(rule: Rule, before: (rival: Rule) => Outranks | undefined): Shadow | undefined {
    const whole = scheduleKeyOf(rule, this.#directory);
    const halves = new Map<string, Rule>();
    let nearly: Shadow | undefined;
    let more = MOST_BETTER_RIVALS;
    for (const [schedule, rival] of this.#rivalsOf(rule, whole)) {
      if (nearly !== undefined && more-- <= 0) break;
      const outranks = rival === rule ? undefined : before(rival);
      if (outranks === undefined || !this.#takes(rival, rule, outranks)) continue;
      const exceptFromTargets = !leavesNothing(rival, rule);
      if (schedule !== ALWAYS && schedule !== whole) {
        if (!exceptFromTargets || !halves.has(schedule)) halves.set(schedule, rival);
      } else if (exceptFromTargets) nearly ??= { by: [rival], exceptFromTargets };
      else return { by: [rival], exceptFromTargets };
    }
    return nearly ?? togetherOf(halves, rule);
  }

  /** What may take the rule's calls, by its schedule: the likeliest first. */
  *#rivalsOf(rule: Rule, whole: string): Generator<readonly [string, Rule]> {
    const [term] = contributing(rule.caller);
    if (term === undefined) return;
    let left = MOST_RIVALS;
    // Whoever takes internal and external callers takes them all.
    const places = [...widerTerms(term), "internal"].flatMap((key) => this.#byTerm.get(key) ?? []);
    for (const place of places) {
      for (const schedule of new Set([ALWAYS, whole])) {
        for (const rival of place.get(schedule) ?? []) {
          if (left-- <= 0) return;
          yield [schedule, rival];
        }
      }
    }
    for (const place of places) {
      for (const [schedule, rivals] of place) {
        if (left-- <= 0) return;
        if (schedule === ALWAYS || schedule === whole || !this.#isHalf(schedule)) continue;
        for (const rival of rivals) {
          if (left-- <= 0) return;
          yield [schedule, rival];
        }
      }
    }
  }

  /** Whether another rule counts for the rest of a schedule's time, and calls are sure to find the schedule. */
  #isHalf(schedule: string): boolean {
    const other = this.#schedules.get(otherHalf(schedule));
    return other !== undefined && (other || this.#schedules.get(schedule) === true);
  }

  #takes(rival: Rule, rule: Rule, outranks: Outranks): boolean {
    const { atMs } = this.#directory.context;
    return (
      (rival.fromMs ?? atMs) <= Math.max(rule.fromMs ?? atMs, atMs) &&
      (rival.untilMs ?? Number.POSITIVE_INFINITY) >= (rule.untilMs ?? Number.POSITIVE_INFINITY) &&
      covers(rival.caller, rule.caller, outranks) &&
      !this.#mayLeadBack(rival, rule)
    );
  }

  /** Whether those whom the rival rings may be the very lines that the later rule is there for. */
  #mayLeadBack(rival: Rule, { partition }: Rule): boolean {
    if (rival.action.kind === "reject") return false;
    const own = normaliseGuid(partition) === partition;
    const line = this.#directory.rows.get(partition) ?? { id: partition };
    return targetsThatMayRing(rival).every((target) =>
      own ? isLine(target, line) : this.#directory.lineAt(target) !== undefined,
    );
  }
}

/** Whether a call that the earlier rule cannot take, for want of anybody to ring, leaves the later one nobody either. */
function leavesNothing(earlier: Rule, later: Rule): boolean {
  if (earlier.action.kind === "reject") return true;
  const ids = new Set(targetsThatMayRing(earlier).map(({ id }) => id));
  return later.action.kind === "redirect" && targetsThatMayRing(later).every(({ id }) => ids.has(id));
}

function togetherOf(halves: ReadonlyMap<string, Rule>, rule: Rule): Shadow | undefined {
  for (const [schedule, one] of halves) {
    const other = halves.get(otherHalf(schedule));
    if (other === undefined) continue;
    return { by: [one, other], exceptFromTargets: ![one, other].every((half) => leavesNothing(half, rule)) };
  }
  return undefined;
}

const ALWAYS = "";

/** The times at which a rule's schedule lets it apply: `ALWAYS`, `+name` or `-name`. A call takes one name in any letter case. */
function scheduleKeyOf({ schedule: condition }: Rule, directory: Directory): string {
  if (condition === undefined) return ALWAYS;
  const { schedule, negated } = condition;
  const always = negated ? "never-open" : "always-open";
  if (isFound(schedule, directory) && directory.prove(schedule) === always) return ALWAYS;
  return `${negated ? "-" : "+"}${schedule.toLowerCase()}`;
}

/** Whether a rule takes every call from now on, as long as it has somebody to ring. */
export function takesEveryCall(rule: Rule, directory: Directory): boolean {
  return takesEveryCallAt(rule, directory) === ALWAYS;
}

/**
 * The times at which a rule takes every call, as long as it has somebody to ring: always, or the half of a schedule's
 * time of which `sharesAllTime` knows the other; undefined where it does not take them all.
 */
export function takesEveryCallAt(rule: Rule, directory: Directory): string | undefined {
  const { fromMs, untilMs, caller, schedule } = rule;
  if (untilMs !== undefined || (fromMs ?? Number.NEGATIVE_INFINITY) > directory.context.atMs) return undefined;
  if (schedule !== undefined && !isFound(schedule.schedule, directory)) return undefined;
  return covers(caller, ANYONE) ? scheduleKeyOf(rule, directory) : undefined;
}

/** Whether a rule's times, with those of others, leave none: it counts always, or while their schedule is the other way. */
export function sharesAllTime(times: string, others: ReadonlySet<string>): boolean {
  return times === ALWAYS || others.has(otherHalf(times));
}

function isFound(schedule: string, directory: Directory): boolean {
  const found = directory.schedule(schedule);
  return found !== undefined && "timeZone" in found && directory.schedulesLike(schedule).length === 1;
}

function otherHalf(schedule: string): string {
  return `${schedule.startsWith("-") ? "+" : "-"}${schedule.slice(1)}`;
}

function entryOf<V>(map: Map<string, V>, key: string, make: () => V): V {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = make();
  map.set(key, made);
  return made;
}
