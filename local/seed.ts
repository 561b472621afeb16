import { readFile } from "node:fs/promises";
import { TableClient, TableServiceClient } from "@azure/data-tables";
import { parse } from "csv-parse/sync";

/** All tables of the app; those with a CSV file beside this one get its rows. */
const TABLES = ["Lines", "Routes", "Schedules", "CallerLists", "Calls"] as const;
const SEEDED = ["Lines", "Routes", "Schedules", "CallerLists"] as const;

const INSECURE = { allowInsecureConnection: true };

/** Creates the tables. */
export async function createTables(connectionString: string): Promise<void> {
  const service = TableServiceClient.fromConnectionString(connectionString, INSECURE);
  await Promise.all(TABLES.map((name) => service.createTable(name)));
}

/** Fills in the sample rows: whom the three calls of Graph's redirect page are for, and a line with hours to try. */
export async function seedTables(connectionString: string): Promise<void> {
  await Promise.all(
    SEEDED.map(async (name) => {
      const client = TableClient.fromConnectionString(connectionString, name, INSECURE);
      const csv = await readFile(new URL(`seed/${name}.csv`, import.meta.url), "utf8");
      const rows: Record<string, string>[] = parse(csv, { columns: true });
      for (const { PartitionKey = "", RowKey = "", ...cells } of rows) {
        const filled = Object.entries(cells).filter(([, text]) => text !== "");
        await client.upsertEntity(
          { partitionKey: PartitionKey, rowKey: RowKey, ...Object.fromEntries(filled) },
          "Replace",
        );
      }
    }),
  );
}
