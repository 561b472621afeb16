import { TableClient } from "@azure/data-tables";
import type { Called, IdentitySet } from "../graph-simulator/identities.ts";
import type { Random } from "../graph-simulator/random.ts";

/** Gives the nth of a kind of party its id. */
function guid(kind: string, number: number): string {
  return `${kind.padEnd(8, "0")}-0000-4000-8000-${String(number).padStart(12, "0")}`;
}

const SALES = guid("5a1e5", 1);
const HELP = guid("4e1b", 1);
const CLOSED = guid("c105ed", 1);
const NOBODY_KNOWS = guid("f00", 1);

const AGENTS = [1, 2, 3, 4, 5, 6, 7, 8].map((number) => guid("a9e27", number));
const [FIRST = "", SECOND = "", THIRD = "", FOURTH = "", FIFTH = "", SIXTH = "", SEVENTH = "", EIGHTH = ""] = AGENTS;
const QUEUE = guid("b0c", 1);
const MOBILE = "+14255550199";
/** Where calls go that nothing else takes. It always takes them, unless Graph itself is at fault. */
const FRONT_DESK = guid("fd", 1);

const PEST = "+19005550100";
const BLOCKED = guid("bad", 1);

/** FALLBACK_TARGET of the app. */
export const FALLBACK_TARGET = `user:${FRONT_DESK}`;

/** Who may be rung and whose behaviour changes with the weather. */
export const TARGETS: readonly string[] = [...AGENTS, QUEUE, MOBILE];

/** @param botAppId the bot itself, which is one of the lines */
export async function writeDialPlan(connectionString: string, botAppId: string): Promise<void> {
  for (const [table, rows] of Object.entries(rowsOf(botAppId))) {
    const client = TableClient.fromConnectionString(connectionString, table, { allowInsecureConnection: true });
    for (const [partitionKey, rowKey, cells] of rows) {
      await client.upsertEntity({ partitionKey, rowKey, ...cells }, "Replace");
    }
  }
}

type RowCells = readonly [partitionKey: string, rowKey: string, cells: Readonly<Record<string, string>>];

function rowsOf(botAppId: string): Readonly<Record<"Lines" | "Routes" | "CallerLists" | "Schedules", RowCells[]>> {
  return {
    Lines: [
      ["line", botAppId, { name: "bot", fallback: `user:${EIGHTH}` }],
      ["line", SALES, { name: "sales", number: "+14255550101", fallback: `user:${SEVENTH}` }],
      ["line", HELP, { name: "help", number: "+14255550102", group: "desks" }],
      ["line", CLOSED, { name: "closed", fallback: `user:${EIGHTH}` }],
    ],
    Routes: [
      ["all", "pest", { priority: "1", caller: PEST, action: "reject", reason: "busy" }],
      ["all", "listed", { priority: "2", caller: "list:unwanted", action: "reject", reason: "forbidden" }],
      [botAppId, "spread", { targets: `user:${FIRST} x3, user:${SECOND}`, ring: "random", timeout: "30" }],
      // Graph refuses a phone here, since a bot is no resource account: the fallback has to do.
      [botAppId, "mobile", { priority: "50", caller: "phone", targets: `phone:${MOBILE}`, fallback: `user:${THIRD}` }],
      [SALES, "known", { priority: "10", caller: "+1425*", targets: `user:${FIRST}, user:${SECOND}, user:${THIRD}` }],
      [SALES, "others", { targets: `phone:${MOBILE}`, fallback: `resource:${QUEUE}` }],
      ["desks", "rota", { targets: rota(), ring: "round-robin", fallback: `resource:${QUEUE}`, timeout: "20" }],
      [CLOSED, "never", { schedule: "never", targets: `user:${FIRST}` }],
      [CLOSED, "withheld", { caller: "anonymous", action: "reject", reason: "none" }],
      [CLOSED, "rest", { targets: `user:${SIXTH}`, fallback: `user:${FIFTH}` }],
      ["default", "front-desk", { targets: `user:${FOURTH}, user:${FIFTH}` }],
    ],
    CallerLists: [[BLOCKED, "unwanted", {}]],
    Schedules: [["never", "hours", { timeZone: "Etc/UTC" }]],
  };
}

function rota(): string {
  return [THIRD, FOURTH, FIFTH, SIXTH].map((id) => `user:${id}`).join(", ");
}

/** A call that somebody might make: who rings which line. */
export function drawCall(random: Random, botAppId: string): { readonly caller: IdentitySet | null; called: Called } {
  return { caller: drawCaller(random), called: drawCalled(random, botAppId) };
}

function drawCaller(random: Random): IdentitySet | null {
  const number = Math.floor(random() * 50);
  const chance = random();
  if (chance < 0.05) return null;
  if (chance < 0.1) return { phone: { id: PEST } };
  if (chance < 0.14) return { user: { id: BLOCKED } };
  if (chance < 0.4) return { phone: { id: `+142555502${String(number).padStart(2, "0")}` } };
  if (chance < 0.6) return { phone: { id: `+442079460${String(number).padStart(3, "0")}` } };
  return { user: { id: guid("ca11e2", number) } };
}

function drawCalled(random: Random, botAppId: string): Called {
  const lines: readonly Called[] = [
    { application: { id: botAppId } },
    { applicationInstance: { id: SALES } },
    { applicationInstance: { id: HELP } },
    { applicationInstance: { id: CLOSED } },
    { applicationInstance: { id: NOBODY_KNOWS } },
  ];
  return pick(lines, random);
}

/** One of them, each as likely as any other. @param choices at least one */
export function pick<T>(choices: readonly T[], random: Random): T {
  const [choice] = choices.slice(Math.floor(random() * choices.length));
  return choice as T;
}
