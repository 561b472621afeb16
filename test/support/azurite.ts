import { afterAll, beforeAll } from "vitest";
import { type Azurite, startAzurite } from "../../local/azurite.ts";
import { createTables } from "../../local/seed.ts";
import { openTables, type Tables } from "../../src/store/tables.ts";

/** A running table service with the app's empty tables, for the tests of one file. */
export interface TestTables {
  readonly azurite: Azurite;
  readonly tables: Tables;
}

/** Starts Azurite before the file's tests and stops it after them. @returns what to ask for it once it runs */
export function useAzurite(): () => TestTables {
  let running: TestTables | undefined;
  beforeAll(async () => {
    const azurite = await startAzurite();
    await createTables(azurite.connectionString);
    const tables = openTables({ connectionString: azurite.connectionString }, () => {
      throw new Error("a connection string needs no credential");
    });
    running = { azurite, tables };
  });
  afterAll(async () => await running?.azurite.stop());
  return () => {
    if (running === undefined) throw new Error("Azurite has not been started yet");
    return running;
  };
}
