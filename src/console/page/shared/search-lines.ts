import type { LineView } from "../../api.ts";

/**
 * The lines that a person may mean: every word stands in the name, the id, the site or the group, or what is typed is a part of the
 * number in any spelling (`(425) 555-0100`, `0171 23`).
 */
export function searchLines(lines: readonly LineView[], text: string): readonly LineView[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return lines;
  const digits = /^[\d\s()+./-]+$/.test(text) ? text.replace(/\D/g, "").replace(/^0+/, "") : "";
  return lines.filter(({ id, name = "", number = "", site = "", group = "" }) => {
    if (digits !== "" && number.includes(digits)) return true;
    const said = `${name} ${id} ${site} ${group}`.toLowerCase();
    return words.every((word) => said.includes(word));
  });
}
