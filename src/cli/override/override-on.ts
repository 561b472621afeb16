import { finish } from "../../check/steps.ts";
import { cellsOf } from "../../store/layouts.ts";
import type { RowEdit } from "../../store/row-edits.ts";
import { EXIT, type ExitCode } from "../exit.ts";
import type { CommonFlags } from "../leaf.ts";
import { readWholeRows } from "../read-rows.ts";
import { write } from "../rows/row-commands.ts";
import { describeFinding, showChange } from "../rows/row-text.ts";
import type { Session } from "../session.ts";
import { checkContextOf } from "../settings.ts";
import { chooseZone } from "../zone.ts";
import { FLAG_WORDS } from "./flag-words.ts";
import { readWishes, type TypedWishes } from "./override-wishes.ts";
import { findInOverride, planOverride } from "./plan-override.ts";

export interface OverrideOnFlags extends CommonFlags, TypedWishes {
  readonly yes?: true;
}

/** `ringroute override on`: shows what changes and for whom, then writes. Only all lines at once need a yes. */
export async function overrideOn(session: Session, flags: OverrideOnFlags): Promise<ExitCode> {
  const { out, settings, startedAt: now } = session;
  const wishes = readWishes(flags, FLAG_WORDS);
  const rows = await readWholeRows(session);
  const plan = planOverride(wishes, {
    rows,
    region: settings.region,
    now,
    words: FLAG_WORDS,
    chooseZone: (typed, rules, find) => chooseZone(typed, rules, find, session),
  });
  const { edits } = plan;
  const findings = finish(findInOverride(plan, rows, checkContextOf(settings, now.getTime())));
  out.tell(...plan.remarks);
  if (!flags.json) out.print(...edits.flatMap((edit) => showEdit(edit, session)), "", ...plan.affectedSays);
  out.tell(...plan.limits, ...findings.map((finding) => describeFinding(finding, false)));
  const question = `Every line ${plan.does} from now on. Go on?`;
  const mayWrite = plan.scope.kind !== "all" || flags.yes === true || (await out.confirm(question));
  const written = mayWrite && (await writeAll(edits, session));
  if (flags.json) {
    const before = plan.replaced.map((row) => cellsOf("Routes", row));
    out.printJson({ scope: plan.keys.rowKey, before, after: plan.cells, affected: plan.affected, written });
  }
  const refused = mayWrite ? "Nothing more was written." : "Nothing was written.";
  out.tell(written ? "Calls follow within seconds." : refused);
  return written ? EXIT.good : EXIT.mistakes;
}

async function writeAll(edits: readonly RowEdit[], session: Session): Promise<boolean> {
  for (const edit of edits) if (!(await write(session, edit))) return false;
  return true;
}

function showEdit(edit: RowEdit, { out }: Session): string[] {
  const before = edit.kind === "insert" ? {} : { before: cellsOf("Routes", edit.before) };
  return showChange(out, { edit, ...before, ...(edit.kind === "remove" ? {} : { after: edit.cells }) });
}
