import { readFile } from "node:fs/promises";
import { constants } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { RestError } from "@azure/data-tables";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { startTableProxy, type TableProxy } from "../../local/table-proxy.ts";
import { fileTrouble, tellEnd } from "../../src/cli/exit.ts";
import { ringroute } from "../../src/cli/main.ts";
import { connectTables } from "../../src/cli/session.ts";
import { readSettings } from "../../src/cli/settings.ts";
import { Fault } from "../../src/errors.ts";
import { openTables, readRow } from "../../src/store/tables.ts";
import { useAzurite } from "../support/azurite.ts";
import { IDS } from "../support/rows.ts";
import { useFolder } from "./csv-folder.ts";

const running = useAzurite();
const folder = useFolder();
let proxy: TableProxy | undefined;

beforeAll(async () => {
  proxy = await startTableProxy({ target: running().azurite });
});
afterAll(async () => await proxy?.close());

function way(): TableProxy {
  if (proxy === undefined) throw new Error("the proxy has not been started yet");
  return proxy;
}

/** A command whose person is the test, through the proxy. */
function begin(args: readonly string[]) {
  const terminal = () => Object.assign(new PassThrough(), { isTTY: true, columns: 200 });
  const [stdin, stdout, stderr] = [terminal(), terminal(), terminal()];
  const interrupted = new AbortController();
  let seen = "";
  stderr.on("data", (chunk: Buffer) => {
    seen += chunk.toString();
  });
  const said = text(stdout);
  const running = ringroute(args, {
    env: { TABLES_CONNECTION_STRING: way().connectionString, DEFAULT_REGION: "US" },
    cwd: folder().path,
    stdin,
    stdout,
    stderr,
    now: () => new Date(),
    interrupted: interrupted.signal,
  });
  const ended = running.then(async (code) => {
    stdout.end();
    return { code, stdout: await said, stderr: seen };
  });
  return {
    ended,
    interrupt: () => interrupted.abort(),
    isAsked: () => vi.waitFor(() => expect(seen).toContain("[y/N]")),
    type: (keys: string) => stdin.write(keys),
  };
}

const KEYS = { partitionKey: "default", rowKey: "night" };

beforeEach(async () => {
  way().setFaults({ faults: [] });
  await running().tables.Routes.upsertEntity({ ...KEYS, action: "reject" });
});

describe("ringroute at a question", () => {
  const COMMANDS: readonly (readonly string[])[] = [
    ["routes", "remove", "default", "night"],
    ["import", "routes.csv"],
    ["override", "on", "--scope", "all", "--reject", "busy"],
  ];
  for (const [what, key] of [
    ["n", "n\r"],
    ["Ctrl-C", "\u0003"],
    ["Ctrl-D", "\u0004"],
  ] as const) {
    it.each(COMMANDS)(`ends with 1 at ${what}, and nothing is written: %s %s`, async (...args) => {
      await folder().write("routes.csv", "PartitionKey,RowKey,action,caller\ndefault,day,reject,+1206*\n");
      const { ended, isAsked, type } = begin(args);
      await isAsked();
      type(key);
      const { code, stderr } = await ended;
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr: expect.stringMatching(/Nothing (is|was) (written|removed)\.\n$/),
      });
      const { signal } = new AbortController();
      const { Routes } = running().tables;
      expect(await readRow(Routes, "default", "night", signal)).toMatchObject(KEYS);
      expect(await readRow(Routes, "default", "day", signal)).toBeUndefined();
      expect(await readRow(Routes, "override", "all", signal)).toBeUndefined();
    });
  }
});

describe("ringroute with tables that hang", () => {
  /** @returns what waits until one more such request has arrived */
  function nextRequest(name: string): () => Promise<void> {
    const count = () => way().requests.get(name) ?? 0;
    const before = count();
    return () => vi.waitFor(() => expect(count()).toBeGreaterThan(before));
  }

  it("gives up on a request that is not answered, and ends with 3", async () => {
    way().setFaults({ faults: [{ kind: "hang" }] });
    const settings = readSettings({ connectionString: way().connectionString }, {});
    const tables = await connectTables(settings, {}, 200);
    const fault = await readRow(tables.Lines, "line", IDS.line, new AbortController().signal).catch(
      (error: unknown) => error,
    );
    expect(tellEnd(fault, true)).toEqual({ code: 3, message: expect.stringContaining("did not answer in time") });
  });

  it("ends at the first Ctrl-C while it reads", async () => {
    way().setFaults({ faults: [{ kind: "hang", table: "Schedules" }] });
    const isWaiting = nextRequest("Schedules GET");
    const { ended, interrupt } = begin(["schedules", "list"]);
    await isWaiting();
    interrupt();
    expect(await ended).toMatchObject({ code: 1, stderr: expect.stringMatching(/\nringroute: stopped\.\n$/) });
  });

  it("ends at the first Ctrl-C while it decides a call", async () => {
    way().setFaults({ faults: [{ kind: "hang", table: "CallerLists" }] });
    const isWaiting = nextRequest("CallerLists GET");
    const { ended, interrupt } = begin(["explain", "--to", IDS.line, "--from", "+14255550142"]);
    await isWaiting();
    interrupt();
    expect(await ended).toMatchObject({ code: 1, stderr: expect.stringMatching(/\nringroute: stopped\.\n$/) });
  });

  it("ends at the first Ctrl-C while it writes, and says what is to be done again", async () => {
    await folder().write("lists.csv", "PartitionKey,RowKey\n+14255550142,vip\n");
    way().setFaults({ faults: [{ kind: "hang", table: "CallerLists", method: "POST" }] });
    const isWaiting = nextRequest("CallerLists POST");
    const { ended, interrupt } = begin(["import", "lists.csv", "--yes"]);
    await isWaiting();
    interrupt();
    const { code, stderr } = await ended;
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringContaining("Not finished: 0 of 1 row are written. For the rest: ringroute import lists.csv"),
    });
  });
});

describe("tellEnd", () => {
  /** How reading a row ends in a table service that does not let it be read. */
  async function endOf(connectionString: string) {
    const refuse = () => {
      throw new Error("a connection string needs no credential");
    };
    const { Lines } = openTables({ connectionString }, refuse);
    const fault = await readRow(Lines, "line", IDS.line, new AbortController().signal).catch((error: unknown) => error);
    return tellEnd(fault, true);
  }

  it("calls a busy table service busy, in words", async () => {
    way().setFaults({ faults: [{ kind: "busy" }] });
    const { code, message } = await endOf(way().connectionString);
    expect(code).toBe(3);
    expect(message).toMatch(/^table Lines answered 503: The server is currently unable .* \(ServerBusy\)\n.*is busy/);
    expect(message).not.toMatch(/odata|RequestId|firewall|role/);
  });

  it("blames the key, not a role, where a connection string is refused", async () => {
    const { code, message } = await endOf(way().connectionString.replace(/AccountKey=[^;]*/, "AccountKey=YWJj"));
    expect(code).toBe(3);
    expect(message).toMatch(/answered 403: .*\(AuthorizationFailure\)\nIs the key in the connection string/);
    expect(message).not.toMatch(/role|<|RequestId/);
  });

  it("gives no advice on a request that the service finds wrong, and names a role only for a sign-in", () => {
    const answer = (statusCode: number) =>
      new Fault("tables-refused", "table Lines answered", { cause: new RestError("no", { statusCode }) });
    expect(tellEnd(answer(400), false).message).toBe("table Lines answered");
    expect(tellEnd(answer(404), false).message).toBe("table Lines answered");
    expect(tellEnd(answer(403), false).message).toContain("role Storage Table Data Contributor");
    expect(tellEnd(answer(403), true).message).not.toContain("role");
  });

  it("names the folder of a file that the disk has no space for", () => {
    const full = Object.assign(new Error("ENOSPC: no space left on device, write"), { errno: -constants.errno.ENOSPC });
    expect(fileTrouble(full, "rows")?.message).toBe("rows: no space left on device.");
    expect(fileTrouble(full)).toBeUndefined();
  });

  it("takes what the system says of a file for a mistake of whoever named it", async () => {
    const error = await readFile(join(folder().path, "nosuch", "file")).catch((thrown: unknown) => thrown);
    expect(tellEnd(error, false)).toEqual({
      code: 2,
      message: `${join(folder().path, "nosuch", "file")}: no such file or directory.`,
    });
  });
});
