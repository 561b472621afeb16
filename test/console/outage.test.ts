import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTableProxy, type TableProxy } from "../../local/table-proxy.ts";
import type { CallsAnswer, ExplainAnswer } from "../../src/console/api/calls.ts";
import type { ReviewAnswer, WriteAnswer } from "../../src/console/api/changing.ts";
import type { LinesAnswer, StateAnswer } from "../../src/console/api/looking.ts";
import { callKey, hourOf } from "../../src/store/call-rows.ts";
import { readRow } from "../../src/store/tables.ts";
import { useAzurite } from "../support/azurite.ts";
import { openConsole, useConsole, WEDNESDAY } from "./consoles.ts";
import { fill } from "./tables.ts";

const LINE = "7629bdce-046c-4903-86b4-a8f718277e1a";

const azurite = useAzurite();
let proxy: TableProxy;
beforeAll(async () => {
  await fill(azurite().tables, {
    Lines: { [`line/${LINE}`]: { name: "Support" } },
    Routes: { [`${LINE}/desk`]: { targets: "phone:+14255550111" } },
  });
  proxy = await startTableProxy({ target: azurite().azurite });
});
afterAll(async () => await proxy.close());
const page = useConsole(() => ({ connectionString: proxy.connectionString }));

describe("the console while the tables cannot be read", () => {
  const state = () => page().get<StateAnswer>("state");
  const who = async () => (await page().get<LinesAnswer>("lines")).lines.map(({ now }) => now.who);

  it("goes on showing what was read last, says since when and why, and recovers by itself", async () => {
    const before = await state();
    expect(before).toMatchObject({ readAtMs: WEDNESDAY });
    expect(before).not.toHaveProperty("trouble");
    proxy.setFaults({ faults: [{ kind: "down" }] });
    page().wait(60);
    expect(await state()).toMatchObject({ readAtMs: WEDNESDAY, trouble: expect.stringContaining("table") });
    expect(await who()).toEqual(["+1 425 555 0111"]);
    const explained = await page()
      .post<ExplainAnswer>("explain", {
        line: "Support",
        caller: before.ordinaryCaller,
        at: "2026-11-25 12:00",
      })
      .catch((error: unknown) => error);
    expect(explained).toMatchObject({ message: expect.stringContaining("503") });
    proxy.setFaults({ faults: [] });
    await azurite().tables.Routes.updateEntity(
      { partitionKey: LINE, rowKey: "desk", targets: "phone:+14255550112" },
      "Replace",
    );
    page().wait(6);
    const after = await state();
    expect(after).toMatchObject({ readAtMs: WEDNESDAY + 66_000 });
    expect(after).not.toHaveProperty("trouble");
    expect(await who()).toEqual(["+1 425 555 0112"]);
  });

  const NIGHT = { table: "Routes", keys: { partitionKey: "default", rowKey: "night" }, cells: { action: "reject" } };

  it("writes nothing, says so as soon as that can be seen, and writes what was reviewed once they are back", async () => {
    const { ticket } = await page().post<ReviewAnswer>("review", NIGHT);
    proxy.setFaults({ faults: [{ kind: "down" }] });
    expect(await page().refusalOf("write", { ticket })).toMatchObject({
      status: 503,
      error: expect.stringContaining("It is not known whether it was written."),
    });
    proxy.setFaults({ faults: [{ kind: "down", method: "POST" }] });
    expect(await page().refusalOf("write", { ticket })).toMatchObject({
      status: 503,
      error: expect.stringContaining("Nothing was written."),
    });
    expect((await state()).undoable).toEqual([]);
    proxy.setFaults({ faults: [] });
    expect(await page().post("write", { ticket })).toMatchObject({ rows: 1 });
    expect(await page().refusalOf("write", { ticket })).toMatchObject({ status: 409 });
    const { signal } = new AbortController();
    expect(await readRow(azurite().tables.Routes, "default", "night", signal)).toMatchObject({ action: "reject" });
  });

  it("says that nobody knows whether a row was written when its table does not answer, and can be told again", async () => {
    const { page: brief, close } = await openConsole({
      connectionString: proxy.connectionString,
      limits: { tryMs: 300 },
    });
    const { ticket } = await brief.post<ReviewAnswer>("review", {
      table: "Routes",
      keys: { partitionKey: "all", rowKey: "nuisance" },
      cells: { action: "reject", caller: "+14255550101" },
    });
    proxy.setFaults({ faults: [{ kind: "hang", method: "POST" }] });
    expect(await brief.refusalOf("write", { ticket })).toMatchObject({
      status: 504,
      error: expect.stringContaining("It is not known whether it was written."),
    });
    proxy.setFaults({ faults: [] });
    expect(await brief.post("write", { ticket })).toMatchObject({ rows: 1 });
    await close();
  });

  it("knows a row as written, and undone, whose writing was only not heard of", async () => {
    const { ticket } = await page().post<ReviewAnswer>("review", {
      table: "Routes",
      keys: { partitionKey: "default", rowKey: "dawn" },
      cells: { action: "reject", caller: "anonymous" },
    });
    const standing = async () =>
      await readRow(azurite().tables.Routes, "default", "dawn", new AbortController().signal);
    proxy.setFaults({ faults: [{ kind: "reset-after", method: "POST" }] });
    const { rows, undo } = await page().post<WriteAnswer>("write", { ticket });
    expect({ rows, standing: await standing() }).toMatchObject({ rows: 1, standing: { action: "reject" } });
    expect((await state()).undoable).toContainEqual(expect.objectContaining({ id: undo }));
    proxy.setFaults({ faults: [{ kind: "reset-after", method: "DELETE" }] });
    expect(await page().post("undo", { undo })).toMatchObject({ rows: 1 });
    expect(await standing()).toBeUndefined();
    proxy.setFaults({ faults: [] });
  });

  it("gives up reading the rows when that takes too long as a whole, and reads them once it can", async () => {
    const { page: brief, close } = await openConsole({
      connectionString: proxy.connectionString,
      limits: { readingMs: 300, tryMs: 600_000 },
    });
    proxy.setFaults({ faults: [{ kind: "hang", table: "Routes" }] });
    expect(await brief.refusalOf("state")).toMatchObject({
      status: 503,
      error: expect.stringContaining("Routes did not answer in time"),
    });
    proxy.setFaults({ faults: [] });
    expect(await brief.get("state")).toMatchObject({ readAtMs: WEDNESDAY });
    await close();
  });

  it("shows the calls that could be read in time, and says up to when", async () => {
    const { page: brief, close } = await openConsole({
      connectionString: proxy.connectionString,
      limits: { callsMs: 1500, tryMs: 600_000 },
    });
    for (const hour of ["16", "17"]) {
      const receivedAt = { type: "DateTime", value: `2026-11-25T${hour}:30:00Z` } as const;
      const keys = callKey(`call-at-${hour}`, hourOf(new Date(receivedAt.value)));
      await azurite().tables.Calls.createEntity({ ...keys, status: "redirected", receivedAt });
    }
    const received = async () => {
      const { calls, summary } = await brief.get<CallsAnswer>("calls?since=2h");
      return {
        at: calls.map(({ receivedAtMs }) => new Date(receivedAtMs).toISOString()),
        says: summary.says.join(" "),
      };
    };
    const [early, late] = ["2026-11-25T16:30:00.000Z", "2026-11-25T17:30:00.000Z"];
    expect(await received()).toEqual({ at: [early, late], says: expect.not.stringContaining("could be read in time") });
    proxy.setFaults({ faults: [{ kind: "hang", table: "Calls", partition: "2026-11-25T17" }] });
    expect(await received()).toEqual({
      at: [early],
      says: expect.stringMatching(/Only calls up to .*30.* could be read in time/),
    });
    proxy.setFaults({ faults: [{ kind: "hang", table: "Calls" }] });
    expect(await brief.refusalOf("calls?since=2h")).toMatchObject({ status: 503 });
    proxy.setFaults({ faults: [] });
    await close();
  });

  it("gives up a row that is asked for when its table does not answer", async () => {
    const { page: brief, close } = await openConsole({
      connectionString: proxy.connectionString,
      limits: { tryMs: 300 },
    });
    await brief.get("state");
    proxy.setFaults({ faults: [{ kind: "hang" }] });
    expect(await brief.refusalOf(`row?table=Lines&partition=line&row=${LINE}`)).toMatchObject({
      status: 503,
      error: expect.stringContaining("did not answer in time"),
    });
    proxy.setFaults({ faults: [] });
    await close();
  });

  it("says that the tables do not answer when they hang from the start", async () => {
    proxy.setFaults({ faults: [{ kind: "hang" }] });
    const { page: late, close } = await openConsole({
      connectionString: proxy.connectionString,
      limits: { tryMs: 300 },
    });
    expect(await late.refusalOf("state")).toMatchObject({
      status: 503,
      error: expect.stringContaining("did not answer in time"),
    });
    proxy.setFaults({ faults: [] });
    await close();
  });

  it("says that nothing was ever read when they were down from the start", async () => {
    proxy.setFaults({ faults: [{ kind: "down" }] });
    const { page: late, close } = await openConsole({ connectionString: proxy.connectionString });
    expect(await late.refusalOf("state")).toMatchObject({ status: 503, error: expect.stringContaining("table") });
    proxy.setFaults({ faults: [] });
    expect(await late.get("state")).toMatchObject({ readAtMs: WEDNESDAY });
    await close();
  });
});
