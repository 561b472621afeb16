import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTableProxy, type TableProxy } from "../../local/table-proxy.ts";
import type { ExplainAnswer, LinesAnswer, ReviewAnswer, StateAnswer } from "../../src/console/api.ts";
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

  it("writes nothing, says so, and writes what was reviewed once they are back", async () => {
    const { ticket } = await page().post<ReviewAnswer>("review", NIGHT);
    proxy.setFaults({ faults: [{ kind: "down" }] });
    expect(await page().refusalOf("write", { ticket })).toMatchObject({
      status: 503,
      error: expect.stringContaining("Nothing was written"),
    });
    expect((await state()).undoable).toEqual([]);
    proxy.setFaults({ faults: [] });
    expect(await page().post("write", { ticket })).toMatchObject({ rows: 1 });
    expect(await page().refusalOf("write", { ticket })).toMatchObject({ status: 409 });
    const { signal } = new AbortController();
    expect(await readRow(azurite().tables.Routes, "default", "night", signal)).toMatchObject({ action: "reject" });
  });

  it("says that nobody knows whether a row was written when its table does not answer, and can be told again", async () => {
    const { page: brief, close } = await openConsole({ connectionString: proxy.connectionString, tryMs: 300 });
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

  it("gives up a row that is asked for when its table does not answer", async () => {
    const { page: brief, close } = await openConsole({ connectionString: proxy.connectionString, tryMs: 300 });
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
    const { page: late, close } = await openConsole({ connectionString: proxy.connectionString, tryMs: 300 });
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
