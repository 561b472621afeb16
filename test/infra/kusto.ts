import { readFileSync } from "node:fs";
import { createContext, runInContext } from "node:vm";
import { z } from "zod";

/** Columns of a table, as Kusto writes a schema: `(TimeGenerated: datetime, Message: string)`. */
export interface TableSchema {
  readonly name: string;
  readonly columns: string;
}

const PACKAGE = new URL("../../node_modules/@kusto/language-service-next/", import.meta.url);

/** Microsoft's parser is C# compiled to JavaScript that hangs itself onto the global object, hence a context of its own. */
const context = createContext({});
for (const file of ["bridge.min.js", "Kusto.Language.Bridge.min.js"]) {
  runInContext(readFileSync(new URL(file, PACKAGE), "utf8"), context, { filename: file });
}

const analyse: unknown = runInContext(
  `(query, table, columns) => {
    const { GlobalState, KustoCode, Symbols } = Kusto.Language;
    const symbol = Symbols.TableSymbol.From(columns).WithName(table);
    const globals = GlobalState.Default.WithDatabase(new Symbols.DatabaseSymbol.$ctor1("logs", [symbol]));
    const found = KustoCode.ParseAndAnalyze(query, globals).GetDiagnostics();
    return Array.from({ length: found.Count }, (_, index) => found.getItem(index).Message);
  }`,
  context,
);

/** What Kusto finds wrong with a query that knows one table: syntax, names and types. Empty when nothing is. */
export function faultsOfQuery(query: string, table: TableSchema): string[] {
  if (typeof analyse !== "function") throw new TypeError("the Kusto parser did not load");
  return z.array(z.string()).parse(analyse(query, table.name, table.columns));
}
