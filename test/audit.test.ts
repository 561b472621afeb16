import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { LogLine } from "../local/functions-host/core-types.ts";
import { type FunctionsHost, startFunctionsHost } from "../local/functions-host/host.ts";
import { useAzurite } from "./support/azurite.ts";

const azurite = useAzurite();
const logLines: LogLine[] = [];
let host: FunctionsHost | undefined;

beforeAll(async () => {
  Object.assign(process.env, {
    CLOUD: "local",
    LOCAL_STACK_URL: "http://127.0.0.1:9",
    TABLES_CONNECTION_STRING: azurite().azurite.connectionString,
    CALLBACK_BASE_URL: "https://calls.contoso.com",
    BOT_APP_ID: "570cd818-9325-59a7-9b41-20d893417843",
    BOT_TENANT_ID: "87ae0c5e-66c6-5bb9-bf24-0d9c7f1c0e98",
  });
  host = await startFunctionsHost({
    port: 0,
    load: () => import("../functions/audit.ts"),
    onLog: (line) => logLines.push(line),
  });
});
afterAll(async () => await host?.close(0));

describe("the function audit", () => {
  it("runs every hour, away from the full hour and from the pruning", () => {
    expect(host?.functions).toEqual([{ kind: "timer", name: "audit", schedule: "0 47 * * * *" }]);
  });

  it("looks through the app's tables, with what the app's settings say", async () => {
    await host?.runTimer("audit");
    const said = logLines.filter(({ category }) => category === "user").map(({ message }) => JSON.parse(message));
    expect(said).toMatchObject([
      { event: "mistake_found", kind: "no-answer", row: "line/570cd818-9325-59a7-9b41-20d893417843" },
      { event: "rows_audited", errors: 1 },
    ]);
  });
});
