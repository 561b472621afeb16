import { createHash } from "node:crypto";
import { Directory } from "../check/directory.ts";
import type { CheckContext, Finding } from "../check/finding.ts";
import { bookToCheck } from "../check/read-book.ts";
import { Names } from "../cli/names.ts";
import type { WholeRows } from "../cli/read-rows.ts";
import { type CommandSettings, checkContextOf } from "../cli/settings.ts";
import type { RuleBook } from "../routing/decide.ts";
import type { Line } from "../routing/rule.ts";
import type { Book } from "../store/book.ts";
import { type RowSource, rowsInMemory } from "../store/row-source.ts";
import { lineBook } from "./line-book.ts";
import { ordinaryCallerFor } from "./ordinary-caller.ts";

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

  checkContext(atMs: number): CheckContext {
    return checkContextOf(this.#settings, atMs);
  }
}

/** What a check found, the gravest first, and by row. */
export class Findings {
  readonly all: readonly Finding[];
  #version: string | undefined;
  readonly #byRow: ReadonlyMap<string, readonly Finding[]>;
  readonly #byPartition: ReadonlyMap<string, readonly Finding[]>;

  constructor(all: readonly Finding[]) {
    this.all = all;
    this.#byPartition = Map.groupBy(all, ({ table, partitionKey }) => placeOf(table, partitionKey));
    this.#byRow = Map.groupBy(all, ({ table, partitionKey, rowKey }) => placeOf(table, partitionKey, rowKey));
  }

  /** Another one when something else is found. */
  get version(): string {
    this.#version ??= digestOf(this.all.map((finding) => JSON.stringify(finding)));
    return this.#version;
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
  return digestOf(
    [rows.Lines, rows.Routes, rows.Schedules]
      .flat()
      .map(({ partitionKey, rowKey, etag }) => `${partitionKey}\n${rowKey}\n${String(etag)}`),
  );
}

function digestOf(texts: readonly string[]): string {
  const hash = createHash("sha256");
  for (const text of texts) hash.update(`${text}\n`);
  return hash.digest("base64url");
}
