import { type Deadline, shareOf } from "../deadline.ts";
import { Fault } from "../errors.ts";
import type { FoundRules, RuleSource } from "../ports.ts";
import { compareRules } from "../routing/decide.ts";
import type { Region } from "../routing/phone-number.ts";
import type { CallFacts, Line, Rule } from "../routing/rule.ts";
import { bookOf } from "../routing/rule-book.ts";
import type { HolidaySet, Schedule } from "../routing/schedule.ts";
import { CallReading } from "./call-reading.ts";
import { formatFault, type RowFault } from "./cells.ts";
import { type ListMembership, readMembership } from "./list-rows.ts";
import { Memory } from "./remembered.ts";
import type { RowSource } from "./row-source.ts";
import { readLine, readRule, repeatedRules } from "./rule-rows.ts";
import { readSchedule } from "./schedule-rows.ts";
import { keyOf } from "./tables.ts";

export interface RuleSourceOptions {
  readonly rows: RowSource;
  readonly region?: Region;
  /** ROUTES_CACHE_SECONDS in milliseconds. */
  readonly freshMs: number;
  /** DEADLINE_SECONDS in milliseconds, of which reading takes its share; default: enough for the whole of it. */
  readonly deadlineMs?: number;
  /**
   * Leaves the caller's lists unread where no rule names one: the decision is the same for a request less. Whoever shows
   * the lists to people wants them all the same. Default: false.
   */
  readonly onlyNamedLists?: boolean;
  /** Milliseconds of a clock that only goes forward. */
  readonly now: () => number;
}

/** Milliseconds of the deadline that reading may take, in all. */
const READING_MS = 4000;
/**
 * What one read may take when nothing is remembered, and when something is. Up to seven follow one another: the line, its
 * group, a schedule, its holidays, all but the first also in lower case. While the tables hang, that many fit.
 */
const PATIENCE_MS = { first: 2000, again: 500 };
/** Partitions of Routes that every call asks. */
const OF_EVERY_CALL = ["all", "override", "default"];
/** Rows kept in memory, of each table: some tens of megabytes. */
export const MOST_ROWS = 30_000;
/** Faults told once; beyond so many they are told again. */
const MOST_TOLD = 10_000;

/** Reads the rows that a call touches, in parallel, and remembers them. */
export class TableRuleSource implements RuleSource {
  readonly #region: Region | undefined;
  readonly #readingMs: number;
  readonly #onlyNamedLists: boolean;
  readonly #told = new Set<string>();
  #untold: string[] = [];
  readonly #lines: Memory<Line | undefined>;
  readonly #rules: Memory<readonly Rule[]>;
  readonly #schedules: Memory<Schedule | HolidaySet | undefined>;
  readonly #lists: Memory<readonly ListMembership[]>;

  constructor(options: RuleSourceOptions) {
    const { rows: source, region, freshMs, deadlineMs = Infinity, onlyNamedLists = false, now } = options;
    this.#region = region;
    this.#onlyNamedLists = onlyNamedLists;
    this.#readingMs = shareOf(READING_MS, deadlineMs);
    const patienceMs = { first: shareOf(PATIENCE_MS.first, deadlineMs), again: shareOf(PATIENCE_MS.again, deadlineMs) };
    const remember = <T>(read: (key: string, signal: AbortSignal) => Promise<T>, sizeOf: (value: T) => number) =>
      new Memory<T>({
        read: (key, signal) => twice(() => read(key, signal), signal),
        sizeOf,
        freshMs,
        patienceMs,
        most: MOST_ROWS,
        now,
      });
    this.#lines = remember(async (id, signal) => {
      const row = await source.row("Lines", "line", keyOf(id), signal);
      return row && this.#tell(readLine(row, region)).value;
    }, ONE_ROW);
    this.#rules = remember<readonly Rule[]>(async (partition, signal) => {
      const rows = await source.partition("Routes", keyOf(partition), signal);
      const rules: readonly Rule[] = rows
        .flatMap((row) => this.#tell(readRule(row, region)).value ?? [])
        // A sorted copy is as long as it has rules, with no room for more: thousands of lines are remembered.
        .toSorted(compareRules);
      this.#tell({ faults: repeatedRules(rules) });
      return rules;
    }, lengthOf);
    this.#schedules = remember(
      async (name, signal) => {
        const rows = await source.partition("Schedules", keyOf(name), signal);
        return this.#tell(readSchedule(name, rows)).value;
      },
      (schedule) => schedule?.exceptions.length ?? 0,
    );
    this.#lists = remember<readonly ListMembership[]>(async (caller, signal) => {
      const rows = await source.partition("CallerLists", keyOf(caller), signal);
      return rows.flatMap((row) => this.#tell(readMembership(row)).value ?? []);
    }, lengthOf);
  }

  async find(call: CallFacts, at: Date, deadline: Deadline): Promise<FoundRules> {
    const reading = new CallReading(deadline, this.#readingMs);
    const rules = (partition: string) => reading.ofKey(`Routes ${partition}`, this.#rules, partition);
    const groupRules = (group: string) =>
      reading.ofName(`Routes ${group}`, this.#rules, group, (found) => found.length === 0);
    const lineId = call.called.id;
    const lineAndGroup = (async () => {
      const line = await reading.ofKey(`Lines ${lineId}`, this.#lines, lineId);
      return { line, group: line?.group === undefined ? [] : await groupRules(line.group) };
    })();
    const callersLists = () => (call.caller.id === "" ? [] : reading.ofKey("CallerLists", this.#lists, call.caller.id));
    const [all, overrides, own, byDefault, { line, group }, early] = await Promise.all([
      rules("all"),
      rules("override"),
      rules(lineId),
      rules("default"),
      lineAndGroup,
      this.#onlyNamedLists ? undefined : callersLists(),
    ]);
    reading.throwIfNothing();
    const partitions = { all, overrides, line: own, group, default: byDefault };
    const found = Object.values(partitions).flat(2);
    const [schedules, lists] = await Promise.all([
      this.#schedulesOf(found, reading),
      this.#onlyNamedLists && found.some(namesList) ? callersLists() : early,
    ]);
    return {
      book: bookOf(call.called.id, line, partitions, schedules, this.#region),
      lists: new Set(
        (lists ?? []).flatMap(({ list, untilMs }) => (untilMs === undefined || at.getTime() < untilMs ? [list] : [])),
      ),
      rowsAgeMs: Math.round(reading.oldestMs),
      ...(reading.trouble === undefined ? {} : { staleBecause: reading.trouble }),
      ...(reading.missing ? { missing: true } : {}),
      newFaults: this.#takeUntold(),
    };
  }

  /** Reads what every call needs, so that the first one finds it. */
  async warm(): Promise<void> {
    await Promise.all(OF_EVERY_CALL.map((partition) => this.#rules.get(partition)));
  }

  /** Milliseconds since the oldest of the rows that every call needs was read; undefined when some never were. */
  oldestMs(): number | undefined {
    const ages = OF_EVERY_CALL.map((partition) => this.#rules.ageMs(partition));
    return ages.reduce((oldest, age) =>
      oldest === undefined || age === undefined ? undefined : Math.max(oldest, age),
    );
  }

  /** The schedules that rules name, and those whose dated rows these share. */
  async #schedulesOf(
    rules: readonly (Rule | undefined)[],
    reading: CallReading,
  ): Promise<Map<string, Schedule | HolidaySet>> {
    const found = new Map<string, Schedule | HolidaySet>();
    const read = (name: string) =>
      reading.ofName(`Schedules ${name}`, this.#schedules, name, (schedule) => schedule === undefined);
    const add = async (names: readonly string[]) => {
      const wanted = [...new Set(names)].filter((name) => !found.has(name.toLowerCase()));
      const schedules = await Promise.all(wanted.map(read));
      schedules.forEach((schedule, index) => {
        if (schedule !== undefined) found.set((wanted[index] ?? "").toLowerCase(), schedule);
      });
    };
    await add(rules.flatMap((rule) => (rule?.enabled && rule.schedule !== undefined ? [rule.schedule.schedule] : [])));
    await add([...found.values()].flatMap((schedule) => ("holidays" in schedule ? schedule.holidays : [])));
    return found;
  }

  #tell<T extends { readonly faults: readonly RowFault[] }>(read: T): T {
    for (const fault of read.faults) {
      const sentence = formatFault(fault);
      if (this.#told.has(sentence)) continue;
      if (this.#told.size >= MOST_TOLD) this.#told.clear();
      this.#told.add(sentence);
      this.#untold.push(sentence);
    }
    return read;
  }

  #takeUntold(): string[] {
    const faults = this.#untold;
    this.#untold = [];
    return faults;
  }
}

/** Reads once more when the tables fail at once: for want of rows that one broken connection cost, another rule would decide. */
async function twice<T>(read: () => Promise<T>, signal: AbortSignal): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== "tables-unavailable" || signal.aborted) throw error;
    return await read();
  }
}

function namesList(rule: Rule | undefined): boolean {
  const { include = [], exclude = [] } = rule?.enabled ? rule.caller : {};
  return [...include, ...exclude].some(({ kind }) => kind === "list");
}

const ONE_ROW = () => 1;
const lengthOf = (rows: readonly unknown[]) => rows.length;
