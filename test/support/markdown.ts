/** Cells of one row by the heads of their columns. */
export type MarkdownRow = Readonly<Record<string, string>>;

/** The tables of a Markdown text whose columns include all of those, in their order; pipes within cells are not known. */
export function tablesWith(markdown: string, ...columns: readonly string[]): readonly MarkdownRow[][] {
  return [...markdown.matchAll(/(?:^\|.*\n?)+/gm)]
    .map(([table]) => parseTable(table))
    .filter(([first]) => first !== undefined && columns.every((column) => column in first));
}

/** The text of a chapter, from its heading until the next of the same or a higher level. */
export function chapter(markdown: string, heading: string): string {
  const [, level = "#", title] = /^(#+) (.*)$/.exec(heading) ?? [];
  const start = markdown.indexOf(`${level} ${title}\n`);
  if (start < 0) throw new Error(`there is no chapter "${heading}"`);
  const rest = markdown.slice(start + heading.length);
  const end = rest.search(new RegExp(`^#{1,${level.length}} `, "m"));
  return end < 0 ? rest : rest.slice(0, end);
}

/** What stands in backticks. */
export function codeIn(text: string): string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, code]) => code ?? "");
}

/** The rows of one table. */
export function parseTable(table: string): MarkdownRow[] {
  const [columns = [], , ...rows] = table
    .trim()
    .split("\n")
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  return rows.map((row) => Object.fromEntries(columns.map((column, index) => [column, row[index] ?? ""])));
}
