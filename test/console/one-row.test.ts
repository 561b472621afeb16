import { beforeAll, describe, expect, it } from "vitest";
import type { RowsAnswer, RowView } from "../../src/console/api/changing.ts";
import { useAzurite } from "../support/azurite.ts";
import { useConsole } from "./consoles.ts";
import { fill } from "./tables.ts";

const azurite = useAzurite();
const page = useConsole(() => ({ connectionString: azurite().azurite.connectionString }));

beforeAll(async () => {
  await fill(azurite().tables, {
    Routes: {
      "care/a%2Fb": { targets: "phone:+14255550112" },
      "care/a%252Fb": { targets: "phone:+14255550113" },
      "east%2Fwest/lunch%3F": { targets: "phone:+14255550114", note: "for care" },
    },
    CallerLists: { "+14255550142/vip": {}, "+14255550143/vip": { note: "also +14255550142" } },
  });
  page().wait(6);
});

const keysIn = ({ rows }: RowsAnswer) => rows.map(({ keys }) => `${keys.partitionKey}/${keys.rowKey}`);

describe("GET /api/rows of one partition", () => {
  const partitionOf = async (query: string) => keysIn(await page().get<RowsAnswer>(`rows?${query}`));

  it("lists that partition and no other whose rows merely hold the text", async () => {
    expect(await partitionOf("table=Routes&partition=care")).toEqual(["care/a%252Fb", "care/a%2Fb"]);
    expect(await partitionOf("table=Routes&partition=car")).toEqual([]);
    expect(await partitionOf("table=CallerLists&partition=%2B14255550142")).toEqual(["+14255550142/vip"]);
  });

  it("finds a key with a slash as it is stored and as people type it", async () => {
    expect(await partitionOf("table=Routes&partition=east%2Fwest")).toEqual(["east%2Fwest/lunch%3F"]);
    expect(await partitionOf("table=Routes&partition=east%252Fwest")).toEqual(["east%2Fwest/lunch%3F"]);
  });
});

describe("GET /api/row", () => {
  const row = (query: string) => page().get<RowView>(`row?table=Routes&${query}`);

  it("shows one row, by its stored keys and by typed ones, with the spelling for people", async () => {
    for (const query of ["partition=east%252Fwest&row=lunch%253F", "partition=east%2Fwest&row=lunch%3F"])
      expect(await row(query)).toMatchObject({
        keys: { partitionKey: "east%2Fwest", rowKey: "lunch%3F" },
        shown: { partitionKey: "east/west", rowKey: "lunch?" },
        cells: { targets: "phone:+14255550114" },
      });
  });

  it("takes the row stored under the very keys first", async () => {
    expect(await row("partition=care&row=a%252Fb")).toMatchObject({ keys: { rowKey: "a%2Fb" } });
    expect(await row("partition=care&row=a%25252Fb")).toMatchObject({ keys: { rowKey: "a%252Fb" } });
  });

  it("reads the row at that moment, also one that was written after the table was read", async () => {
    await page().get<RowsAnswer>("rows?table=Routes");
    await azurite().tables.Routes.createEntity({ partitionKey: "default", rowKey: "new", note: "just now" });
    expect(await row("partition=default&row=new")).toMatchObject({ cells: { note: "just now" } });
    await azurite().tables.Routes.deleteEntity("default", "new");
  });

  it("says with 404 that there is no such row", async () => {
    expect(await page().refusalOf("row?table=Routes&partition=default&row=none")).toEqual({
      status: 404,
      error: "There is no row default/none in Routes.",
    });
  });
});

describe("GET /api/calls/ID", () => {
  it("answers 404 to what no call can be called", async () => {
    expect(await page().refusalOf("calls/..%2f..")).toMatchObject({ status: 404 });
  });
});
