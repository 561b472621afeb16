import { randomInt } from "node:crypto";

/** What a terminal obeys instead of showing it: control characters but line feed and tab, and marks that turn text round. */
const OBEYED = /(?![\n\t])[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
/** Stands before each colour of our own until it is printed, in the form of a colour so that it has no width. No cell can know it. */
const OWN = `\u001b[${Array.from({ length: 4 }, () => randomInt(1000, 10_000)).join(";")}m`;
const COLOUR = new RegExp(`^${String.fromCharCode(0x1b)}\\[\\d+m`);

/** Marks the colours of a text, so that they are not escaped. */
export function ownColours(text: string): string {
  return text.replaceAll("\u001b[", `${OWN}\u001b[`);
}

/** A text in which an escape sequence that is none of our own is shown as `\u001b[31m`, the marks of our own still in it. */
export function escapeControls(text: string): string {
  const [first = "", ...coloured] = text.split(OWN);
  const rest = coloured.map((part) => {
    const colour = COLOUR.exec(part)?.[0] ?? "";
    return OWN + colour + escaped(part.slice(colour.length));
  });
  return escaped(first) + rest.join("");
}

/** A text for a terminal or a pipe, with nothing in it that a terminal would obey but our own colours. */
export function printable(text: string): string {
  return escapeControls(text).replaceAll(OWN, "");
}

function escaped(text: string): string {
  return text.replace(OBEYED, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
