import { createHash } from "node:crypto";
import { Directory } from "../check/directory.ts";
import { findMistakes } from "../check/find-mistakes.ts";
import type { CheckContext, Finding } from "../check/finding.ts";
import { bookToCheck } from "../check/read-book.ts";
import { Names } from "../cli/names.ts";
import type { WholeRows } from "../cli/read-rows.ts";
import { type CommandSettings, checkContextOf } from "../cli/settings.ts";
import { MS_PER_MINUTE } from "../routing/dates.ts";
import type { RuleBook } from "../routing/decide.ts";
import type { Line } from "../routing/rule.ts";
import type { Book, ListSummary } from "../store/book.ts";
import { type RowSource, rowsInMemory } from "../store/row-source.ts";
import { lineBook } from "./line-book.ts";
import { ordinaryCallerFor } from "./ordinary-caller.ts";

/** Findings also depend on the clock: what expires, say. */
const FINDINGS_AGE_MS = 10 * MS_PER_MINUTE;

type CheckSettings = Pick<CommandSettings, "region" | "botAppId" | "fallbackTargets">;

/** All rows but those of CallerLists as they stood at one moment, and what follows from them, worked out when it is asked. */
export class Snapshot {
  /** Another one whenever a row is another. */
  readonly version: string;
  readonly rows: WholeRows;
  readonly #settings: CheckSettings;
  #book: Book | undefined;
  #names: Names | undefined;
  #directory: Directory | undefined;
  #source: RowSource | undefined;
  readonly #lineBooks = new Map<string, RuleBook>();
  #ordinaryCaller: string | undefined;
  #findings: { readonly lists: ListSummary | undefined; readonly atMs: number; readonly found: Findings } | undefined;

  constructor(rows: WholeRows, settings: CheckSettings) {
    this.rows = rows;
    this.version = versionOf(rows);
    this.#settings = settings;
  }

  get book(): Book {
    this.#book ??= bookToCheck(this.rows, undefined, this.#settings.region);
    return this.#book;
  }

  get names(): Names {
    this.#names ??= new Names(this.book);
    return this.#names;
  }

  /** The rows as calls find them. Its context's moment is no call's. */
  get directory(): Directory {
    this.#directory ??= new Directory(this.book, this.checkContext(0));
    return this.#directory;
  }

  /** Lines, Routes and Schedules for who reads them as the app does. */
  get source(): RowSource {
    this.#source ??= rowsInMemory({ ...this.rows, CallerLists: [] });
    return this.#source;
  }

  get ordinaryCaller(): string {
    this.#ordinaryCaller ??= ordinaryCallerFor([...this.book.rules.values()].flat(), this.#settings.region);
    return this.#ordinaryCaller;
  }

  /** The rows that a call to a line touches. */
  lineBook(line: Line): RuleBook {
    const known = this.#lineBooks.get(line.id);
    if (known !== undefined) return known;
    const book = lineBook(line, this.directory);
    this.#lineBooks.set(line.id, book);
    return book;
  }

  /** What the check finds. @param lists what CallerLists holds, where that is known */
  findings(lists: ListSummary | undefined, atMs: number): Findings {
    const known = this.#findings;
    if (known !== undefined && known.lists === lists && atMs - known.atMs < FINDINGS_AGE_MS) return known.found;
    const { book } = this;
    const whole =
      lists === undefined ? book : { ...book, lists: lists.sizes, faults: [...book.faults, ...lists.faults] };
    const found = new Findings(findMistakes(whole, this.checkContext(atMs)));
    this.#findings = { lists, atMs, found };
    return found;
  }

  checkContext(atMs: number): CheckContext {
    return checkContextOf(this.#settings, atMs);
  }
}

/** What a check found, the gravest first, and by row. */
export class Findings {
  readonly all: readonly Finding[];
  readonly #byRow: ReadonlyMap<string, readonly Finding[]>;
  readonly #byPartition: ReadonlyMap<string, readonly Finding[]>;

  constructor(all: readonly Finding[]) {
    this.all = all;
    this.#byPartition = Map.groupBy(all, ({ table, partitionKey }) => placeOf(table, partitionKey));
    this.#byRow = Map.groupBy(all, ({ table, partitionKey, rowKey }) => placeOf(table, partitionKey, rowKey));
  }

  /** Those of one row. */
  at(table: Finding["table"], partitionKey: string, rowKey: string): readonly Finding[] {
    return this.#byRow.get(placeOf(table, partitionKey, rowKey)) ?? [];
  }

  /** Those of a partition's rows. */
  inPartition(table: Finding["table"], partitionKey: string): readonly Finding[] {
    return this.#byPartition.get(placeOf(table, partitionKey)) ?? [];
  }
}

function placeOf(...parts: readonly string[]): string {
  return parts.join("\n");
}

function versionOf(rows: WholeRows): string {
  const hash = createHash("sha256");
  for (const { partitionKey, rowKey, etag } of [rows.Lines, rows.Routes, rows.Schedules].flat())
    hash.update(`${partitionKey}\n${rowKey}\n${String(etag)}\n`);
  return hash.digest("base64url");
}
