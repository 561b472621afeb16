import type { Command } from "commander";
import { leaf, type Run } from "../leaf.ts";
import { type OverrideOffFlags, overrideOff } from "./override-off.ts";
import { type OverrideOnFlags, overrideOn } from "./override-on.ts";
import { type OverrideShowFlags, overrideShow } from "./override-show.ts";

const SCOPE = "a line (its id, number or name), site:NAME or all";

export function addOverride(program: Command, run: Run): void {
  const override = program.command("override").description("The emergency switch: sends calls elsewhere for a while");
  leaf(override, "on", "Send the calls of a line, a site or all lines elsewhere, at once", [
    'ringroute override on --scope Support --target phone:+12345678901 --for 2h --note "Snow day"',
    'ringroute override on --scope site:Redmond --reject busy --until "tomorrow 06:00"',
  ])
    .requiredOption("--scope <scope>", SCOPE)
    .option("--target <targets>", "who rings instead: user:ID, phone:NUMBER, app:ID or resource:ID, comma-separated")
    .option("--reject <reason>", "reject the calls: busy, forbidden or none")
    .option("--for <duration>", "how long: 30m, 2h, 1d or 1h30m")
    .option("--until <time>", 'until when: 2026-12-24T09:00-05:00, "2026-12-24 09:00", 09:00 or "friday 09:00"')
    .option("--zone <zone>", "the time zone that is meant (default: that of the lines' schedules)")
    .option("--note <text>", "why, for people")
    .option("--yes", "do not ask before all lines are switched")
    .action((flags: OverrideOnFlags) => run(flags, (session) => overrideOn(session, flags)));
  leaf(override, "off", "Let calls ring by their rules again", [
    "ringroute override off --scope Support",
    "ringroute override off --all",
  ])
    .option("--scope <scope>", SCOPE)
    .option("--all", "remove every override, whatever its scope")
    .action((flags: OverrideOffFlags) => run(flags, (session) => overrideOff(session, flags)));
  leaf(override, "show", "Overrides and the lines that each covers", ["ringroute override show"])
    .option("--zone <zone>", "the time zone of times (default: that of the lines' schedules)")
    .action((flags: OverrideShowFlags) => run(flags, (session) => overrideShow(session, flags)));
}
