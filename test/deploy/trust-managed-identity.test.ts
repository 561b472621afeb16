import { describe, expect, it } from "vitest";
import {
  APP_ID,
  type FakeGraph,
  IDENTITY_CLIENT_ID,
  IDENTITY_PRINCIPAL,
  TENANT_ID,
  useFakeGraph,
} from "./fake-graph.ts";
import { runScript } from "./run-script.ts";

const TRUST = {
  name: "ringroute",
  issuer: `https://login.microsoftonline.com/${TENANT_ID}/v2.0`,
  subject: IDENTITY_PRINCIPAL,
  audiences: ["api://AzureADTokenExchange"],
};
const OTHER = {
  id: "other",
  name: "pipeline",
  issuer: "https://token.actions.githubusercontent.com",
  audiences: ["x"],
};

describe("npm run azure:federate", () => {
  const startGraph = useFakeGraph();

  function federate(graph: FakeGraph, ...more: string[]) {
    const args = ["--app-id", APP_ID, "--tenant", TENANT_ID, "--graph-root", graph.url];
    const identity = more.includes("--identity") ? [] : ["--identity", IDENTITY_PRINCIPAL];
    return runScript("trust-managed-identity", [...args, ...identity, ...more]);
  }

  it("makes the credential, and says so", async () => {
    const graph = await startGraph();
    const { code, stdout } = await federate(graph);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^done +created the credential ringroute/);
    expect(graph.credentials).toMatchObject([TRUST]);
  });

  it.each([
    ["usgov", "api://AzureADTokenExchangeUSGov"],
    ["usgovdod", "api://AzureADTokenExchangeUSGov"],
  ])("uses issuer and audience of the cloud %s", async (cloud, audience) => {
    const graph = await startGraph();
    await federate(graph, "--cloud", cloud);
    const issuer = `https://login.microsoftonline.us/${TENANT_ID}/v2.0`;
    expect(graph.credentials).toMatchObject([{ ...TRUST, issuer, audiences: [audience] }]);
  });

  it("writes nothing the second time, also when the credential is on a later page", async () => {
    const graph = await startGraph();
    graph.credentials = ["a", "b", "c"].map((subject) => ({ ...OTHER, id: subject, name: subject, subject }));
    await federate(graph);
    const { code, stdout } = await federate(graph);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^already +there: the credential ringroute/);
    expect(graph.writes).toHaveLength(1);
  });

  it("changes a credential with another audience, and says what it was", async () => {
    const graph = await startGraph();
    graph.credentials = [{ ...TRUST, id: "1", audiences: ["api://AzureADTokenExchangeChina"] }];
    const { code, stdout } = await federate(graph);
    expect(code).toBe(0);
    expect(stdout).toContain("audience api://AzureADTokenExchangeChina becomes api://AzureADTokenExchange");
    expect(graph.credentials).toEqual([{ ...TRUST, id: "1" }]);
    expect(graph.writes.map(({ method }) => method)).toEqual(["PATCH"]);
  });

  it("follows an identity that was made anew", async () => {
    const graph = await startGraph();
    graph.credentials = [{ ...TRUST, id: "1", subject: "00000000-0000-4000-8000-000000000009" }];
    expect((await federate(graph)).code).toBe(0);
    expect(graph.credentials).toEqual([{ ...TRUST, id: "1" }]);
  });

  it("leaves the other credentials of the app alone", async () => {
    const graph = await startGraph();
    graph.credentials = [{ ...OTHER, subject: "repo:contoso/ringroute:environment:prod" }];
    await federate(graph);
    expect(graph.credentials[0]).toEqual({ ...OTHER, subject: "repo:contoso/ringroute:environment:prod" });
    expect(graph.credentials).toHaveLength(2);
  });

  it.each([
    ["create the credential", []],
    ["change the credential", [{ ...TRUST, id: "1", audiences: ["api://wrong"] }]],
  ])("writes nothing in a dry run, and says that it would %s", async (would, credentials) => {
    const graph = await startGraph();
    graph.credentials = credentials;
    const { code, stdout } = await federate(graph, "--dry-run");
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`^would +${would}`));
    expect(graph.writes).toEqual([]);
  });

  it("prints what somebody with the right must run when the person lacks it", async () => {
    const graph = await startGraph();
    graph.intervene({ method: "POST", path: /federatedIdentityCredentials/, status: 403 });
    const { code, stdout } = await federate(graph);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^refused .*Application Administrator/);
    const [, parameters] = /az ad app federated-credential create --id \S+ --parameters '([^']+)'/.exec(stdout) ?? [];
    expect(JSON.parse(parameters ?? "")).toEqual(TRUST);
  });

  it("waits until Entra shows an identity and an app that were made a moment ago", async () => {
    const graph = await startGraph();
    graph.intervene({ method: "GET", path: /servicePrincipals/, status: 404, times: 2 });
    graph.intervene({ method: "GET", path: /federatedIdentityCredentials/, status: 404, times: 2 });
    expect((await federate(graph)).code).toBe(0);
    expect(graph.credentials).toMatchObject([TRUST]);
  });

  it("refuses the identity's client id, which Graph would take and never match", async () => {
    const graph = await startGraph();
    const { code, stderr } = await federate(graph, "--identity", IDENTITY_CLIENT_ID, "--wait", "0");
    expect(code).toBe(1);
    expect(stderr).toContain("not its client id");
    expect(graph.writes).toEqual([]);
  });

  it("says so when the tenant has no such app registration", async () => {
    const graph = await startGraph();
    graph.intervene({ method: "GET", path: /applications/, status: 404 });
    const { code, stdout } = await federate(graph, "--wait", "0");
    expect(code).toBe(1);
    expect(stdout).toContain(`no app registration ${APP_ID}`);
  });
});
