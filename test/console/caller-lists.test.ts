import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTableProxy, type TableProxy } from "../../local/table-proxy.ts";
import type { ProblemsAnswer, ReviewAnswer, WriteAnswer } from "../../src/console/api/changing.ts";
import { CallerLists } from "../../src/console/caller-lists.ts";
import { openTables } from "../../src/store/tables.ts";
import { useAzurite } from "../support/azurite.ts";
import { useConsole } from "./consoles.ts";
import { fill } from "./tables.ts";

const LINE = "7629bdce-046c-4903-86b4-a8f718277e1a";

const azurite = useAzurite();
let proxy: TableProxy;
beforeAll(async () => {
  await fill(azurite().tables, {
    Lines: { [`line/${LINE}`]: { name: "Support" } },
    Routes: {
      "default/guests": { targets: "phone:+14255550111", caller: "list:vip" },
      "default/nuisance": { action: "reject", caller: "list:blocked" },
    },
    CallerLists: { "+14255550142/blocked": {}, "+14255550143/blocked": {} },
  });
  proxy = await startTableProxy({ target: azurite().azurite });
});
afterAll(async () => await proxy.close());
const page = useConsole(() => ({ connectionString: proxy.connectionString }));

/** The rules of which the console says that nobody is on their list. */
async function inDispute(): Promise<string[]> {
  const { problems } = await page().get<ProblemsAnswer>("problems");
  return problems.filter(({ kind }) => kind === "unknown-list").map(({ keys }) => keys.rowKey);
}

/** Long enough for the table to be asked again, and not for it to be counted again. */
const aWhile = () => page().wait(31);

/** Somebody else's doing. */
const lists = {
  add: (caller: string, list: string) =>
    azurite().tables.CallerLists.createEntity({ partitionKey: caller, rowKey: list }),
  remove: (caller: string, list: string) => azurite().tables.CallerLists.deleteEntity(caller, list),
};

describe("the console, of lists that rules name", () => {
  it("knows within half a minute that somebody else put the first caller on a list, or took the last one off", async () => {
    await expect.poll(inDispute).toEqual(["guests"]);
    await lists.add("+14255550150", "VIP");
    aWhile();
    expect(await inDispute()).toEqual([]);
    await lists.remove("+14255550150", "VIP");
    aWhile();
    expect(await inDispute()).toEqual(["guests"]);
    await lists.remove("+14255550142", "blocked");
    aWhile();
    expect(await inDispute()).toEqual(["guests"]);
    await lists.remove("+14255550143", "blocked");
    aWhile();
    expect(await inDispute()).toEqual(["guests", "nuisance"]);
  });

  it("knows at once what was written and undone on its own page", async () => {
    const { ticket } = await page().post<ReviewAnswer>("review", {
      table: "CallerLists",
      keys: { partitionKey: "+14255550151", rowKey: "vip" },
      cells: {},
    });
    const { undo } = await page().post<WriteAnswer>("write", { ticket });
    expect(await inDispute()).toEqual(["nuisance"]);
    await page().post("undo", { undo });
    expect(await inDispute()).toEqual(["guests", "nuisance"]);
  });

  it("asks of a list before a review says that nobody is on it", async () => {
    const namesList = (list: string) => ({
      table: "Routes",
      keys: { partitionKey: "default", rowKey: "friends" },
      cells: { targets: "phone:+14255550112", caller: `list:${list}` },
    });
    const kinds = async (list: string) =>
      (await page().post<ReviewAnswer>("review", namesList(list))).problems.map(({ kind }) => kind);
    expect(await kinds("strangers")).toContain("unknown-list");
    await lists.add("+14255550152", "friends");
    expect(await kinds("friends")).not.toContain("unknown-list");
  });

  it("stays with what was counted while the table cannot be asked", async () => {
    const before = await inDispute();
    proxy.setFaults({ faults: [{ kind: "down", table: "CallerLists" }] });
    aWhile();
    expect(await inDispute()).toEqual(before);
    proxy.setFaults({ faults: [] });
  });

  it("lets nobody but who looks at problems wait for a table that hangs", async () => {
    await inDispute();
    proxy.setFaults({ faults: [{ kind: "hang", table: "CallerLists" }] });
    aWhile();
    const answered: string[] = [];
    const ask = async (path: string) => {
      await page().get(path);
      answered.push(path);
    };
    await Promise.all(["problems", "calls", `line?line=${LINE}`, `next?lines=${LINE}`].map(ask));
    expect(answered.at(-1)).toBe("problems");
    proxy.setFaults({ faults: [] });
  });
});

describe("CallerLists", () => {
  it("keeps nobody who has left waiting for a table that hangs", async () => {
    const [running, request] = [new AbortController(), new AbortController()] as const;
    const tables = openTables({ connectionString: proxy.connectionString }, () => {
      throw new Error("a connection string needs no credential");
    });
    const callerLists = new CallerLists({ tables, region: "US", signal: running.signal, now: () => Date.now() });
    await expect.poll(() => callerLists.known).toBeDefined();
    proxy.setFaults({ faults: [{ kind: "hang", table: "CallerLists" }] });
    const stays = callerLists.askedOf(["vip"], running.signal);
    const leaves = callerLists.askedOf(["blocked"], request.signal);
    request.abort();
    const first = await Promise.race([stays.then(() => "answered"), leaves.catch(({ status }) => status)]);
    expect(first).toBe(503);
    proxy.setFaults({ faults: [] });
    running.abort();
    await expect(stays).rejects.toMatchObject({ status: 503 });
  });
});
