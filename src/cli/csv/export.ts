import { mkdir, readdir, rmdir } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { Command } from "commander";
import { type Row, type RowTable, TABLES } from "../../store/cells.ts";
import { compareKeys, readAllRows } from "../../store/row-edits.ts";
import { EXIT, type ExitCode, fileTrouble } from "../exit.ts";
import { type CommonFlags, leaf, type Run } from "../leaf.ts";
import { readWholeRows, type WholeRows } from "../read-rows.ts";
import type { Session } from "../session.ts";
import { FILE_NAMES } from "./table-file.ts";
import { CsvDraft } from "./write-csv.ts";

export function addExport(program: Command, run: Run): void {
  leaf(program, "export <folder>", "Write the rows as CSV files, one a table", ["ringroute export rows"])
    .addHelpText(
      "after",
      `
Files: ${Object.values(FILE_NAMES).join(", ")}, sorted
by their keys, so that git shows what changed.
What a spreadsheet would take for a formula or a date has an apostrophe in
front; import takes it away again.`,
    )
    .action((folder: string, flags: CommonFlags) => run(flags, (session) => exportRows(session, folder, flags)));
}

/** Writes all files beside the old ones, and replaces these when every one is whole. */
async function exportRows(session: Session, folder: string, { json }: CommonFlags): Promise<ExitCode> {
  const { out, host } = session;
  const full = resolve(host.cwd, folder);
  const whole = await readWholeRows(session);
  const made = await mkdir(full, { recursive: true });
  const drafts: CsvDraft[] = [];
  const counts: { table: RowTable; file: string; rows: number }[] = [];
  try {
    for (const table of TABLES) {
      const draft = await CsvDraft.open(join(full, FILE_NAMES[table]));
      drafts.push(draft);
      const rows = await draft.write(table, rowsOf(table, whole, session));
      await draft.finish();
      counts.push({ table, file: join(folder, FILE_NAMES[table]), rows });
    }
    for (const draft of drafts) await draft.publish();
  } catch (error) {
    throw fileTrouble(error, folder) ?? error;
  } finally {
    for (const draft of drafts) await draft.discard();
    if (made !== undefined) await removeEmpty(full, made);
  }
  if (json) out.printJson(counts);
  else
    out.printTable(
      ["Table", "File", "Rows"],
      counts.map(({ table, file, rows }) => [table, file, rows.toLocaleString("en")]),
    );
  return EXIT.good;
}

/** Removes folders that were made for files which never came. @param top the outermost that was made */
async function removeEmpty(folder: string, top: string): Promise<void> {
  for (let each = folder; each.startsWith(top); each = dirname(each)) {
    if ((await readdir(each)).length > 0) return;
    await rmdir(each);
  }
}

/** By their keys. CallerLists may be too long to sort here: it comes as the table service gives it, which is by keys as well. */
async function* rowsOf(table: RowTable, whole: WholeRows, { tables, host, out }: Session): AsyncGenerator<Row> {
  if (table !== "CallerLists") return yield* whole[table].toSorted(compareKeys);
  let count = 0;
  for await (const row of readAllRows(tables.CallerLists, host.interrupted)) {
    if (++count % 10_000 === 0) out.progress(`${count.toLocaleString("en")} rows of ${table}`);
    yield row;
  }
}
