import { describe, expect, it } from "vitest";
import { UsageError } from "../../src/cli/exit.ts";
import { readSettings } from "../../src/cli/settings.ts";

const KEYED = "DefaultEndpointsProtocol=https;AccountName=contoso;AccountKey=c2VjcmV0;EndpointSuffix=core.windows.net";
const STACK = {
  appUrl: "http://127.0.0.1:7071",
  simulatorUrl: "http://127.0.0.1:7072",
  functionKey: "local",
  settings: {
    TABLES_CONNECTION_STRING: "UseDevelopmentStorage=true",
    DEFAULT_REGION: "US",
    BOT_TENANT_ID: "632899f8-2ea1-4604-8413-27bd2892079f",
  },
};

describe("readSettings", () => {
  it("takes the tables of a flag before those of the environment, and these before the local stack's", () => {
    const env = { TABLES_ENDPOINT: "https://env.table.core.windows.net" };
    expect(readSettings({ endpoint: "https://flag.table.core.windows.net" }, env, STACK).tables).toEqual({
      endpoint: "https://flag.table.core.windows.net",
    });
    expect(readSettings({}, env, STACK).tables).toEqual({ endpoint: "https://env.table.core.windows.net" });
    expect(readSettings({}, {}, STACK).tables).toEqual({ connectionString: "UseDevelopmentStorage=true" });
  });

  it("says which tables are meant, and never a key", () => {
    expect(readSettings({ connectionString: KEYED }, {}).where).toBe(
      "https://contoso.table.core.windows.net (connection string)",
    );
    expect(readSettings({ endpoint: "https://contoso.table.core.windows.net" }, {}).where).toBe(
      "https://contoso.table.core.windows.net (your sign-in)",
    );
    expect(readSettings({}, {}, STACK).where).toBe("the local stack's, at 127.0.0.1:10002");
  });

  it("takes region and tenant from the local stack only where its tables are meant", () => {
    expect(readSettings({}, {}, STACK)).toMatchObject({ region: "US", ownTenantId: STACK.settings.BOT_TENANT_ID });
    expect(readSettings({ connectionString: KEYED }, {}, STACK)).toMatchObject({ ownTenantId: "" });
    expect(readSettings({ connectionString: KEYED }, {}, STACK).stack).toBeUndefined();
  });

  it("says how to name the tables when nobody does", () => {
    expect(() => readSettings({}, {})).toThrow(/--endpoint[\s\S]*TABLES_CONNECTION_STRING/);
  });

  it.each([
    [{ endpoint: "http://contoso.table.core.windows.net" }, {}, /^--endpoint is "http:/],
    [{ connectionString: "AccountKey=c2VjcmV0" }, {}, /^--connection-string holds a wrong value/],
    [{ connectionString: KEYED, endpoint: "https://contoso.table.core.windows.net" }, {}, /keep one/],
    [{}, { TABLES_ENDPOINT: "contoso" }, /TABLES_ENDPOINT is "contoso"/],
    [{ connectionString: KEYED }, { DEFAULT_REGION: "Narnia" }, /DEFAULT_REGION is "Narnia"/],
  ])("names the flag or setting at fault: %j %j", (flags, env, message) => {
    expect(() => readSettings(flags, env)).toThrow(UsageError);
    expect(() => readSettings(flags, env)).toThrow(message);
  });

  it("shows no key when the connection string is wrong", () => {
    const wrong = () => readSettings({ connectionString: "AccountKey=c2VjcmV0" }, {});
    expect(wrong).not.toThrow(/c2VjcmV0/);
  });
});
