import { describe, expect, it } from "vitest";
import {
  APP_ID,
  BOT_PRINCIPAL,
  CALLS_INITIATE,
  type FakeGraph,
  GRAPH_PRINCIPAL,
  TENANT_ID,
  useFakeGraph,
} from "./fake-graph.ts";
import { runScript } from "./run-script.ts";

const GRANT = { principalId: BOT_PRINCIPAL, resourceId: GRAPH_PRINCIPAL, appRoleId: CALLS_INITIATE };

describe("npm run azure:grant", () => {
  const startGraph = useFakeGraph();

  function grant(graph: FakeGraph, ...more: string[]) {
    const args = ["--app-id", APP_ID, "--tenant", TENANT_ID, "--graph-root", graph.url];
    return runScript("grant-calls-permission", [...args, ...more]);
  }

  it("grants the application role of that name, not the delegated one, and says so", async () => {
    const graph = await startGraph();
    const { code, stdout } = await grant(graph);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^done +granted Calls\.Initiate\.All for Ringroute/);
    expect(graph.writes.map(({ body }) => body)).toEqual([GRANT]);
  });

  it("writes nothing the second time, and says that it was so already", async () => {
    const graph = await startGraph();
    await grant(graph);
    const { code, stdout } = await grant(graph);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^already +granted: Calls\.Initiate\.All/);
    expect(graph.writes).toHaveLength(1);
  });

  it("finds an earlier grant on a later page", async () => {
    const graph = await startGraph();
    const others = Array.from({ length: 4 }, () => ({
      ...GRANT,
      id: crypto.randomUUID(),
      appRoleId: crypto.randomUUID(),
    }));
    graph.assignments = [...others, { ...GRANT, id: crypto.randomUUID() }];
    const { stdout } = await grant(graph);
    expect(stdout).toMatch(/^already/);
    expect(graph.requests.filter(({ path }) => path.includes("$skiptoken"))).toHaveLength(2);
    expect(graph.writes).toEqual([]);
  });

  it("gives its token to no next page on another host", async () => {
    const [graph, other] = [await startGraph(), await startGraph()];
    graph.assignments = Array.from({ length: 3 }, () => ({
      ...GRANT,
      id: crypto.randomUUID(),
      appRoleId: crypto.randomUUID(),
    }));
    const own = graph.url;
    graph.url = other.url;
    const { code, stderr } = await runScript("grant-calls-permission", ["--app-id", APP_ID, "--graph-root", own]);
    expect(code).toBe(1);
    expect(stderr).toContain("next page elsewhere");
    expect(other.requests).toEqual([]);
  });

  it("writes nothing in a dry run, and says what it would do", async () => {
    const graph = await startGraph();
    const { code, stdout } = await grant(graph, "--dry-run");
    expect(code).toBe(0);
    expect(stdout).toMatch(/^would +grant Calls\.Initiate\.All for Ringroute/);
    expect(graph.writes).toEqual([]);
  });

  it("prints what an administrator must run when the person lacks the right", async () => {
    const graph = await startGraph();
    graph.intervene({ method: "POST", path: /appRoleAssignments/, status: 403 });
    const { code, stdout } = await grant(graph);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^refused .*Authorization_RequestDenied/);
    expect(stdout).toContain(`npm run azure:grant -- --app-id ${APP_ID} --tenant ${TENANT_ID}`);
    const [, url, body] = /az rest --method POST --url "([^"]+)" .* --body '([^']+)'/.exec(stdout) ?? [];
    expect(url).toBe(`${graph.url}/v1.0/servicePrincipals/${BOT_PRINCIPAL}/appRoleAssignments`);
    expect(JSON.parse(body ?? "")).toEqual(GRANT);
  });

  it("says so when this tenant's Graph has no such role", async () => {
    const graph = await startGraph();
    graph.appRoles = graph.appRoles.filter(({ member }) => member === "User");
    const { code, stderr } = await grant(graph);
    expect(code).toBe(1);
    expect(stderr).toContain("has no application role Calls.Initiate.All");
    expect(graph.writes).toEqual([]);
  });

  it("waits until Entra shows a service principal that was made a moment ago", async () => {
    const graph = await startGraph();
    graph.intervene({ method: "GET", path: new RegExp(APP_ID), status: 404, times: 2 });
    graph.intervene({ method: "POST", path: /appRoleAssignments/, status: 404 });
    const { code, stdout } = await grant(graph);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^done/);
  });

  it("says how to make the service principal when there is none", async () => {
    const graph = await startGraph();
    graph.intervene({ method: "GET", path: new RegExp(APP_ID), status: 404, times: Number.POSITIVE_INFINITY });
    const { code, stdout } = await grant(graph, "--wait", "0");
    expect(code).toBe(1);
    expect(stdout).toContain(`az ad sp create --id ${APP_ID}`);
  });

  it.each([429, 503])("tries again after %i", async (status) => {
    const graph = await startGraph();
    graph.intervene({ method: "GET", path: /appRoleAssignments/, status, times: 2 });
    expect((await grant(graph)).code).toBe(0);
  });

  it("takes a lost answer to the grant for what it was", async () => {
    const graph = await startGraph();
    graph.intervene({ method: "POST", path: /appRoleAssignments/, status: 503, afterwards: true });
    const { code, stdout } = await grant(graph);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^done/);
    expect(graph.assignments).toHaveLength(1);
  });

  it.each([
    ["an app id that is none", ["--app-id", "ringroute"], '--app-id is "ringroute"'],
    ["a missing app id", [], "--app-id is missing"],
    [
      "a stand-in that is not on this machine",
      ["--app-id", APP_ID, "--graph-root", "https://graph.contoso.com"],
      "--graph-root",
    ],
    ["an option that there is not", ["--appid", APP_ID], "--appid"],
  ])("ends with 2 for %s", async (_, args, names) => {
    const { code, stderr } = await runScript("grant-calls-permission", args);
    expect(code).toBe(2);
    expect(stderr).toContain(names);
  });

  it("ends with 3 when nobody answers", async () => {
    const args = ["--app-id", APP_ID, "--graph-root", "http://127.0.0.1:9"];
    const { code, stderr } = await runScript("grant-calls-permission", args);
    expect(code).toBe(3);
    expect(stderr).toContain("127.0.0.1:9");
  });
});
