import { cellsOf } from "../../store/layouts.ts";
import { textOfKey } from "../../store/tables.ts";
import { EXIT, type ExitCode, UsageError } from "../exit.ts";
import type { CommonFlags } from "../leaf.ts";
import { readWholeRows } from "../read-rows.ts";
import { write } from "../rows/row-commands.ts";
import { showRow } from "../rows/row-text.ts";
import type { Session } from "../session.ts";
import { FLAG_WORDS } from "./flag-words.ts";
import { planOverrideOff } from "./plan-override-off.ts";

export interface OverrideOffFlags extends CommonFlags {
  readonly scope?: string;
  readonly all?: true;
}

/** `ringroute override off`: removes overrides, lapsed ones too, and says who takes the calls from now on. */
export async function overrideOff(session: Session, flags: OverrideOffFlags): Promise<ExitCode> {
  const { out, startedAt: now } = session;
  const { region } = session.settings;
  const { scope: typed } = flags;
  if ((typed === undefined) === (flags.all === undefined)) throw new UsageError("Say which: --scope SCOPE, or --all.");
  const rows = await readWholeRows(session);
  const { removed, edits, followedBy } = planOverrideOff(typed, { rows, region, now, words: FLAG_WORDS });
  if (!flags.json) out.print(...removed.flatMap((row) => showRow(out, "Routes", row)));
  for (const edit of edits) if (!(await write(session, edit))) return EXIT.mistakes;
  if (flags.json)
    out.printJson({ removed: removed.map((row) => ({ scope: textOfKey(row.rowKey), ...cellsOf("Routes", row) })) });
  if (removed.length === 0)
    out.tell(`No override is on${typed === undefined ? "" : ` for ${typed}`}; nothing was done.`);
  out.tell(...followedBy);
  return EXIT.good;
}
