/** A Markdown table with its columns aligned, as the rest of docs/ has them. The first column is text, the others as they come. */
export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = heads.map((head, column) =>
    Math.max(...[head, ...rows.map((row) => row[column] ?? "")].map(lengthOf)),
  );
  const line = (cells: readonly string[]) =>
    `| ${widths.map((width, column) => pad(cells[column] ?? "", width)).join(" | ")} |`;
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  return [line(heads), rule, ...rows.map(line)].join("\n");
}

function pad(text: string, width: number): string {
  return text + " ".repeat(width - lengthOf(text));
}

function lengthOf(text: string): number {
  return [...text].length;
}

/**
 * Puts texts between their markers: `<!-- NAME: written by npm run simulate -->` and `<!-- end of NAME -->`.
 *
 * @throws Error that names a marker that the page lacks
 */
export function fillIn(page: string, texts: Readonly<Record<string, string>>): string {
  let filled = page;
  for (const [name, text] of Object.entries(texts)) {
    const start = `<!-- ${name}: written by npm run simulate -->`;
    const end = `<!-- end of ${name} -->`;
    const from = filled.indexOf(start);
    const until = filled.indexOf(end);
    if (from < 0 || until < from) throw new Error(`the page has no place for ${name}: ${start} ... ${end}`);
    filled = `${filled.slice(0, from + start.length)}\n\n${text}\n\n${filled.slice(until)}`;
  }
  return filled;
}
