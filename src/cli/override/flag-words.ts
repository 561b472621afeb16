import { quoted } from "../quoted.ts";
import type { WishWords } from "./override-wishes.ts";

/** Wishes as the command's flags. */
export const FLAG_WORDS: WishWords = {
  names: {
    scope: "--scope",
    target: "--target",
    reject: "--reject",
    for: "--for",
    until: "--until",
    zone: "--zone",
    note: "--note",
  },
  sayWhich: "Say either who rings, with --target, or --reject busy (or forbidden, or none).",
  standsUntilOff: (scope) =>
    `It stands until somebody switches it off: ringroute override off --scope ${quoted(scope)}`,
};
