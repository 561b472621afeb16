import { normaliseGuid } from "../routing/party.ts";
import { normaliseNumber } from "../routing/phone-number.ts";
import type { Line, Rule, Target } from "../routing/rule.ts";
import type { HolidaySet, Schedule } from "../routing/schedule.ts";
import type { Book } from "../store/book.ts";
import { keyOf, textOfKey } from "../store/tables.ts";
import { SHARED_PARTITIONS } from "../store/typed-keys.ts";
import type { CheckContext } from "./finding.ts";
import { type Proof, proveHours } from "./schedule-proof.ts";

/** What may stand under a schedule's name. */
export type NamedSchedule = Schedule | HolidaySet;

/** The rows of a book as calls find them: by the keys they look for, and in the order in which they ask. */
export class Directory {
  readonly book: Book;
  readonly context: CheckContext;
  /** Lines whose row a call finds, by id. */
  readonly rows: ReadonlyMap<string, Line>;
  /** Everything that is known to be called: lines with a row, with rules of their own, and the bot. */
  readonly lines: readonly Line[];
  readonly #byId: ReadonlyMap<string, Line>;
  readonly #byNumber: ReadonlyMap<string, readonly Line[]>;
  readonly #byName: ReadonlyMap<string, readonly Line[]>;
  readonly #bySite: ReadonlyMap<string, readonly Line[]>;
  /** Groups as lines spell them, and keys of Routes, each by the text in lower case. */
  readonly #groups: ReadonlyMap<string, string>;
  readonly #partitions: ReadonlyMap<string, readonly string[]>;
  readonly #schedules: ReadonlyMap<string, readonly (readonly [string, NamedSchedule])[]>;
  readonly #proofs = new Map<string, Proof>();

  constructor(book: Book, context: CheckContext) {
    this.book = book;
    this.context = context;
    this.rows = new Map([...book.lines].flatMap(([key, line]) => (key === keyOf(line.id) ? [[line.id, line]] : [])));
    this.lines = this.#everyLine();
    this.#byId = new Map(this.lines.map((line) => [line.id, line]));
    this.#byNumber = linesBy(this.lines, ({ number }) => number);
    this.#byName = linesBy(this.lines, ({ name }) => name?.toLowerCase());
    this.#bySite = linesBy(this.lines, ({ site }) => site?.toLowerCase());
    // Of several spellings the first line's counts.
    this.#groups = new Map(
      [...this.rows.values()]
        .reverse()
        .flatMap(({ group }) => (group === undefined ? [] : [[group.toLowerCase(), group]])),
    );
    this.#partitions = Map.groupBy(book.rules.keys(), (key) => textOfKey(key).toLowerCase());
    this.#schedules = Map.groupBy(book.schedules, ([key]) => textOfKey(key).toLowerCase());
  }

  #everyLine(): readonly Line[] {
    const shared = new Set<string>(SHARED_PARTITIONS);
    const ids = [...this.book.rules.keys()].filter((key) => !shared.has(key) && normaliseGuid(key) === key);
    const { botAppId } = this.context;
    const others = new Set([...ids, ...(botAppId === undefined ? [] : [botAppId])]);
    return [
      ...this.rows.values(),
      ...[...others].filter((id) => !this.rows.has(id)).map((id): Line => ({ id, fallback: [] })),
    ];
  }

  /** The rules that a call finds in a partition, by the name that stands in a row. */
  rulesOf(partition: string): readonly Rule[] {
    return this.book.rules.get(keyOf(partition)) ?? [];
  }

  /** The key of the partition that a call to a line takes for its group's; undefined when it finds none. */
  groupKey({ group }: Line): string | undefined {
    const names = group === undefined ? [] : [group, group.toLowerCase()];
    return names.map(keyOf).find((key) => (this.book.rules.get(key)?.length ?? 0) > 0);
  }

  /** A partition of Routes whose name differs from a group's in letter case alone. */
  partitionLike(group: string): string | undefined {
    return this.#partitions.get(group.toLowerCase())?.find((key) => key !== keyOf(group));
  }

  /** A group as a line spells it, in whatever letter case it is asked for. */
  groupLike(text: string): string | undefined {
    return this.#groups.get(text.toLowerCase());
  }

  /** The line that a target leads to, if it leads to one. */
  lineAt({ kind, id }: Pick<Target, "kind" | "id">): Line | undefined {
    return this.#byId.get(id) ?? (kind === "phone" ? this.#byNumber.get(id)?.[0] : undefined);
  }

  linesNumbered(number: string): readonly Line[] {
    return this.#byNumber.get(number) ?? [];
  }

  linesNamed(name: string): readonly Line[] {
    return this.#byName.get(name.trim().toLowerCase()) ?? [];
  }

  /** Lines that an override is for, by its scope; undefined when it is for all. */
  linesInScope(scope: string): readonly Line[] | undefined {
    if (scope.trim().toLowerCase() === "all") return undefined;
    const site = /^site\s*:\s*(.*)$/i.exec(scope.trim())?.[1];
    const number = normaliseNumber(scope, this.context.region);
    return [
      this.#byId.get(normaliseGuid(scope) ?? scope) ?? [],
      number === undefined ? [] : this.linesNumbered(number),
      this.linesNamed(scope),
      site === undefined ? [] : (this.#bySite.get(site.trim().toLowerCase()) ?? []),
    ].flat();
  }

  /** What a call finds under a schedule's name: as it is typed, else in lower case. */
  schedule(name: string): NamedSchedule | undefined {
    return this.book.schedules.get(keyOf(name)) ?? this.book.schedules.get(keyOf(name.toLowerCase()));
  }

  /** Names of schedules that differ from this one in letter case at most. */
  schedulesLike(name: string): readonly string[] {
    return (this.#schedules.get(name.toLowerCase()) ?? []).map(([key]) => textOfKey(key));
  }

  /** What is proved of a schedule's hours. Where two names differ only in letter case, which one counts is not settled. */
  prove(name: string): Proof {
    const key = name.toLowerCase();
    const found = this.#proofs.get(key);
    if (found !== undefined) return found;
    const proof = this.#prove(name);
    this.#proofs.set(key, proof);
    return proof;
  }

  #prove(name: string): Proof {
    const [only, another] = this.#schedules.get(name.toLowerCase()) ?? [];
    if (only === undefined || another !== undefined || !("timeZone" in only[1])) return "unproven";
    const holidays = only[1].holidays.flatMap((each) => this.#schedules.get(each.toLowerCase()) ?? []);
    return proveHours(
      only[1],
      holidays.map(([, set]) => set),
      this.context.atMs,
    );
  }
}

function linesBy(lines: readonly Line[], keyOfLine: (line: Line) => string | undefined): Map<string, readonly Line[]> {
  const found = Map.groupBy(lines, keyOfLine);
  return new Map([...found].flatMap(([key, group]) => (key === undefined ? [] : [[key, group]])));
}
