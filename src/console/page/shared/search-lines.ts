import type { LineView } from "../../api/looking.ts";

/**
 * The lines that a person may mean: every word stands in the name, the id, the site or the group, or what is typed is a part of the
 * number in any spelling (`(425) 555-0100`, `0171 23`). The likeliest come first: what is typed is the whole name, number or id; the
 * name begins with it; it is of the number, or the id begins with it; it stands further on in name or id; it is of site or group.
 */
export function searchLines(lines: readonly LineView[], text: string): readonly LineView[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return lines;
  const digits = /^[\d\s()+./-]+$/.test(text) ? text.replace(/\D/g, "").replace(/^0+/, "") : "";
  return lines
    .flatMap((line) => {
      const rank = rankOf(line, words, digits);
      return rank === undefined ? [] : [{ line, rank }];
    })
    .sort((one, other) => one.rank - other.rank)
    .map(({ line }) => line);
}

/** How far down a line stands among those that are found, 0 being first; undefined when it is none of them. */
function rankOf(line: LineView, words: readonly string[], digits: string): number | undefined {
  const [id = "", name = "", site = "", group = ""] = [line.id, line.name, line.site, line.group].map(inOneSpelling);
  const { number = "" } = line;
  const typed = words.join(" ");
  const has = (said: string) => words.every((word) => said.includes(word));
  if (name === typed || id === typed || (digits !== "" && number === `+${digits}`)) return 0;
  if (name.startsWith(typed)) return 1;
  if ((digits !== "" && number.includes(digits)) || id.startsWith(typed)) return 2;
  if (has(`${name} ${id}`)) return 3;
  return has(`${name} ${id} ${site} ${group}`) ? 4 : undefined;
}

function inOneSpelling(text = ""): string {
  return text.trim().toLowerCase().replace(/\s+/g, " ");
}
