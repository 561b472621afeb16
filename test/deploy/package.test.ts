import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { builtinModules } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Azurite, startAzurite } from "../../local/azurite.ts";
import { type GraphSimulator, startGraphSimulator } from "../../local/graph-simulator/server.ts";
import { type Package, packageApp } from "../../local/package.ts";
import { createTables, seedTables } from "../../local/seed.ts";
import packageJson from "../../package.json" with { type: "json" };
import { ALICE, BOT, CONTOSO } from "../support/stack.ts";
import { runScript } from "./run-script.ts";
import { unzip } from "./unzip.ts";

let folder = "";
let one: Package;
let other: Package;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ringroute-"));
  one = await packageApp(join(folder, "one"));
  other = await packageApp(join(folder, "another", "place"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("npm run package", () => {
  it("holds host.json, package.json and bundled code, and nothing else", async () => {
    const others = [...one.files.keys()].filter((path) => !/^dist\/(functions|chunks)\/[\w-]+\.js$/.test(path));
    expect(others).toEqual(["host.json", "package.json"]);
    const functions = [...one.files.keys()].filter((path) => path.startsWith("dist/functions/"));
    expect(functions).toEqual(
      ["audit", "calls", "health", "prune-calls", "ready"].map((name) => `dist/functions/${name}.js`),
    );
    expect(await readFile(join(one.folder, "host.json"), "utf8")).toBe(await readFile("host.json", "utf8"));
  });

  it("has nothing to install, and says where its functions are", async () => {
    const deployed = JSON.parse(await readFile(join(one.folder, "package.json"), "utf8"));
    const { name, version, main } = packageJson;
    expect(deployed).toEqual({ name, version, private: true, type: "module", main });
  });

  it("has less than 5 MiB, zipped and unzipped", () => {
    const unzipped = [...one.files.values()].reduce((sum, bytes) => sum + bytes, 0);
    expect(one.zipBytes).toBeLessThan(unzipped);
    expect(unzipped).toBeLessThan(5 * 1024 * 1024);
  });

  it("zips the folder as it is, in order", async () => {
    const files = unzip(await readFile(one.zipFile));
    expect([...files.keys()]).toEqual([...one.files.keys()]);
    for (const [path, content] of files) expect(content).toEqual(await readFile(join(one.folder, path)));
  });

  it("gives the same bytes when it is built again, in another place", async () => {
    expect(other.sha256).toBe(one.sha256);
    expect(await readFile(other.zipFile)).toEqual(await readFile(one.zipFile));
  });
});

describe("the packaged app, copied to where no node_modules is near", () => {
  let azurite: Azurite;
  let simulator: GraphSimulator;
  let app: PackagedApp;

  beforeAll(async () => {
    azurite = await startAzurite();
    await createTables(azurite.connectionString);
    await seedTables(azurite.connectionString);
    simulator = await startGraphSimulator({
      port: 0,
      webhookUrl: "http://127.0.0.1:9/api/calls",
      botAppId: BOT,
      tenantId: CONTOSO,
      graphToken: "local-stack",
    });
    app = await startPackagedApp(one.folder, {
      CLOUD: "local",
      LOCAL_STACK_URL: simulator.url,
      TABLES_CONNECTION_STRING: azurite.connectionString,
      CALLBACK_BASE_URL: "https://calls.contoso.com",
      BOT_APP_ID: BOT,
      BOT_TENANT_ID: CONTOSO,
    });
    simulator.setWebhookUrl(`${app.url}/api/calls`);
  });
  afterAll(async () => {
    await app?.end();
    await simulator?.close();
    await azurite?.stop();
  });

  it("is up, with the version that was packaged", async () => {
    const answer = await fetch(`${app.url}/api/health`);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({ status: "up", version: packageJson.version });
  });

  it("passes the smoke test of a deployment", async () => {
    const { code, stdout } = await runScript("smoke-test", ["--url", app.url]);
    expect([code, stdout.match(/^done/gm)?.length]).toEqual([0, 2]);
  });

  it("redirects a call", async () => {
    const called = { application: { id: BOT, tenantId: CONTOSO } };
    const { id } = await simulator.placeCall({ caller: { user: { id: ALICE, tenantId: CONTOSO } }, called });
    const call = await simulator.waitFor(id, ({ finished }) => finished, { timeoutMs: 25_000 });
    expect(call.redirect?.targets).toHaveLength(1);
  });

  it("asks for no module but its own, those of Node.js and the host's @azure/functions-core", async () => {
    const { required } = await app.end();
    const outside = required.filter((name) => !/^(node:|file:|\.{0,2}\/)/.test(name) && !builtinModules.includes(name));
    expect(outside).toEqual([]);
    expect(required).toContain("node:module");
  });
});

interface PackagedApp {
  readonly url: string;
  /** @returns the modules that the app's files asked for. May be called again. */
  end(): Promise<{ readonly required: readonly string[] }>;
}

/** Notes each module that a file of the app asks for. What the host supplies itself gets no further than the host. */
const WATCH = `
import { appendFileSync } from "node:fs";
import { registerHooks } from "node:module";
registerHooks({
  resolve(specifier, context, next) {
    if (context.parentURL?.startsWith(process.env.APP_URL)) appendFileSync(process.env.REQUIRED, specifier + "\\n");
    return next(specifier, context);
  },
});
`;

/** Runs a copy of the folder in the local Functions host, as its working directory. */
async function startPackagedApp(from: string, settings: Readonly<Record<string, string>>): Promise<PackagedApp> {
  const place = await mkdtemp(join(tmpdir(), "ringroute-"));
  const [root, watch, required] = [join(place, "app"), join(place, "watch.mjs"), join(place, "required")];
  await cp(from, root, { recursive: true });
  await writeFile(watch, WATCH);
  await writeFile(required, "");
  const host = fileURLToPath(new URL("../../local/functions-host/main.ts", import.meta.url));
  const child = spawn(process.execPath, ["--import", watch, host, "--port", "0", "--end-with-stdin"], {
    cwd: root,
    env: { PATH: process.env.PATH, APP_URL: `file://${root}`, REQUIRED: required, ...settings },
    stdio: ["pipe", "pipe", "pipe"],
  });
  const closed = once(child, "close");
  let complaint = "";
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    complaint += chunk;
  });
  const listening = Promise.withResolvers<string>();
  createInterface({ input: child.stdout }).on("line", (line) => {
    const said: unknown = JSON.parse(line);
    if (typeof said === "object" && said !== null && "url" in said) listening.resolve(String(said.url));
  });
  closed.then(() => listening.reject(new Error(complaint)));
  let ended: Promise<{ required: string[] }> | undefined;
  const end = async () => {
    child.stdin.end();
    await closed;
    const names = (await readFile(required, "utf8")).trim().split("\n");
    await rm(place, { recursive: true });
    return { required: names };
  };
  return { url: await listening.promise, end: () => (ended ??= end()) };
}
