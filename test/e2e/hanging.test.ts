import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { incomingBody, ring } from "../support/ringing.ts";
import { useStack } from "../support/stack.ts";

const DESK = "98da8a1a-1b87-452c-a713-65d3f10b1253";
const OWN = "bf5aae9a-d11d-47a8-93b1-782504c9c3f3";
const LAST = "3c7b1ef5-8c1a-4b8d-9d3e-6f2b7a9c0d1e";
const DEADLINE_SECONDS = 2;

// The platform gives up a call a second after the deadline, so that a redirect that comes late is none.
const stack = useStack(
  { FALLBACK_TARGET: `user:${LAST}`, DEADLINE_SECONDS: String(DEADLINE_SECONDS) },
  { tableProxy: true, answerWithinMs: (DEADLINE_SECONDS + 1) * 1000 },
);

const TABLES = ["Lines", "Routes", "Schedules", "CallerLists", "Calls"];

/** A line with a rule of its own that needs a schedule. */
async function aLine(): Promise<string> {
  const line = crypto.randomUUID();
  await stack().addRow("Schedules", `hours of ${line}`, "hours", { timeZone: "Etc/UTC" });
  await stack().addRow("Routes", line, "own", { schedule: `!hours of ${line}`, targets: `user:${OWN}` });
  return line;
}

beforeAll(async () => {
  await stack().addRow("Routes", "default", "desk", { targets: `user:${DESK}` });
});
beforeEach(() => {
  stack().tableProxy.setFaults({ faults: [] });
  stack().simulator.setFaults({ faults: [] });
});

describe.each(["hang", "down"] as const)("when tables %s", (kind) => {
  it.each(TABLES)("rings somebody on every line while %s alone does", async (table) => {
    const [known, fresh] = [await aLine(), await aLine()];
    await ring(stack(), known);
    stack().tableProxy.setFaults({ faults: [{ kind, table }] });
    const [byMemory, first] = await Promise.all([ring(stack(), known), ring(stack(), fresh)]);
    expect(byMemory).toMatchObject({ status: 202, rang: OWN, taken: 1 });
    // Where its rule was never read, or the schedule that it needs, the remembered rows of `default` decide.
    const isMissed = table === "Routes" || table === "Schedules";
    expect(first).toMatchObject({ status: 202, rang: isMissed ? DESK : OWN, taken: 1 });
  });

  it("rings the line's own target while all do, by the rows that it remembers", async () => {
    const line = await aLine();
    await ring(stack(), line);
    stack().tableProxy.setFaults({ faults: [{ kind }] });
    expect(await ring(stack(), line)).toMatchObject({ status: 202, rang: OWN, taken: 1 });
  });
});

describe("when the Calls table hangs", () => {
  it("gives a rotation up to chance, and says that claim and record failed", async () => {
    const line = crypto.randomUUID();
    await stack().addRow("Routes", line, "turns", { ring: "round-robin", targets: `user:${OWN}, user:${DESK}` });
    await ring(stack(), line);
    stack().tableProxy.setFaults({ faults: [{ kind: "hang", table: "Calls" }] });
    const { id, status, rang } = await ring(stack(), line);
    expect({ status, rang }).toEqual({ status: 202, rang: expect.stringMatching(`${OWN}|${DESK}`) });
    for (const event of ["claim_unproven", "record_failed"]) {
      expect(stack().logged(event).at(-1)).toMatchObject({ callId: id });
    }
    expect(await stack().recordsOf(id)).toEqual([]);
  });
});

describe("when Graph hangs", () => {
  it("answers 503 when the tables hang too", async () => {
    const line = await aLine();
    stack().simulator.setFaults({ faults: [{ kind: "hang" }] });
    stack().tableProxy.setFaults({ faults: [{ kind: "hang" }] });
    expect((await stack().post(incomingBody(crypto.randomUUID(), line))).status).toBe(503);
  });
});

describe("when the key server hangs", () => {
  it("answers 503, not 401, for a key that it would have to fetch", async () => {
    stack().simulator.setFaults({ faults: [{ kind: "keys-hang" }] });
    const token = await stack().simulator.issueToken({ signedBy: "unpublished" });
    expect((await stack().post({ value: [] }, { token })).status).toBe(503);
    expect((await stack().post({ value: [] })).status).toBe(202);
  });
});
