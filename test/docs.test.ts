import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { CallReport, CallResult } from "../src/ports.ts";
import { callKey, cellText, claimColumns, endColumns, reportColumns } from "../src/store/call-rows.ts";
import { readDocumentedLog } from "./support/documented-log.ts";
import { chapter, codeIn, tablesWith } from "./support/markdown.ts";

const OPERATIONS = read("docs/operations.md");
const SECURITY = read("docs/security.md");

function read(path: string): string {
  return readFileSync(new URL(`../${path}`, import.meta.url), "utf8");
}

/** The source of the product, whole. */
function productSource(): string {
  const files = readdirSync(new URL("../src", import.meta.url), { recursive: true, encoding: "utf8" });
  return files
    .filter((path) => path.endsWith(".ts"))
    .map((path) => read(`src/${path}`))
    .join("\n");
}

/** The names in log.ts's union of events. */
function eventsOfCode(): string[] {
  const union = /export type LogEvent =([^;]+);/.exec(read("src/log.ts"))?.[1] ?? "";
  return [...union.matchAll(/"(\w+)"/g)].map(([, name]) => name ?? "");
}

describe("docs/security.md", () => {
  const named = [...SECURITY.matchAll(/`(test\/[\w./-]+\.test\.ts)`: ([^|<\n]+)/g)].map(
    ([, file = "", title = ""]) => [file, title.trim()] as const,
  );

  it("names a test for every threat", () => {
    const threats = tablesWith(SECURITY, "threat", "what guards it", "test").flat();
    expect(threats.length).toBeGreaterThan(20);
    expect(threats.filter(({ test = "" }) => !test.includes(".test.ts`: ")).map(({ threat }) => threat)).toEqual([]);
  });

  it.each(named)("names a test that %s has: %s", (file, title) => {
    const source = read(file);
    expect(titlesIn(source).some((each) => isTitle(title, each, source))).toBe(true);
  });

  it("names every direct dependency, and none besides", () => {
    const { dependencies }: { dependencies: Record<string, string> } = JSON.parse(read("package.json"));
    const rows = tablesWith(chapter(SECURITY, "## Supply chain"), "package", "where", "why").flat();
    expect(rows.flatMap((row) => codeIn(row.package ?? ""))).toEqual(Object.keys(dependencies).sort());
  });

  const lock: { packages: Record<string, { dev?: boolean; hasInstallScript?: boolean; integrity?: string }> } =
    JSON.parse(read("package-lock.json"));

  it("is right that every package of the lock file has a hash", () => {
    const packages = Object.entries(lock.packages).filter(([path]) => path !== "");
    expect(packages.filter(([, { integrity }]) => !/^sha512-/.test(integrity ?? "")).map(([path]) => path)).toEqual([]);
  });

  it("names every package that the app and the command bring, and none besides", () => {
    const lock: { packages: Record<string, { dev?: boolean }> } = JSON.parse(read("package-lock.json"));
    const deployed = Object.entries(lock.packages).flatMap(([path, { dev }]) =>
      path === "" || dev === true ? [] : [path.replace(/^.*node_modules\//, "")],
    );
    const tree = /```\n(.*?)```/s.exec(chapter(SECURITY, "## Supply chain"))?.[1] ?? "";
    const named = tree.split("\n").flatMap((row) => {
      let scope = "";
      return row.split(/[,:]/).flatMap((word) => {
        const name = word.trim();
        if (name.startsWith("@")) scope = name.split("/")[0] ?? "";
        const full = name.startsWith(".") ? `lodash${name}` : name;
        return full === "" ? [] : [deployed.includes(full) ? full : `${scope}/${full}`];
      });
    });
    expect([...new Set(named)].sort()).toEqual([...new Set(deployed)].sort());
  });

  it("is right that no package of the app or the command runs a script when it is installed", () => {
    const deployed = Object.entries(lock.packages).filter(([path, { dev }]) => path !== "" && dev !== true);
    expect(deployed.length).toBeGreaterThan(10);
    expect(deployed.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => path)).toEqual([]);
  });
});

/** Titles of tests, as they stand in a file's source. */
function titlesIn(source: string): string[] {
  return [...source.matchAll(/\(\s*("(?:[^"\\\n]|\\.)*")\s*,\s*(?:async\b|\()/g)].map(([, title = '""']) =>
    JSON.parse(title),
  );
}

/** Whether a title is the one given, or with places for values, of which each must stand in the source too. */
function isTitle(wanted: string, title: string, source: string): boolean {
  if (wanted === title) return true;
  const places = title.split(/%[a-zA-Z]|\$\w+/);
  if (places.length === 1) return false;
  const pattern = places.map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("(.+)");
  const [, ...values] = new RegExp(`^${pattern}$`).exec(wanted) ?? [];
  return values.length > 0 && values.every((value) => source.includes(`"${value}"`));
}

describe("docs/operations.md", () => {
  const log = readDocumentedLog();

  it("describes every event of the log, and none besides", () => {
    expect([...log.events.keys()].sort()).toEqual(eventsOfCode().sort());
  });

  it("describes only events that the app logs", () => {
    const source = productSource().replace(/export type LogEvent =[^;]+;/, "");
    const unlogged = eventsOfCode().filter(
      (event) => !source.includes(`"${event}"`) && !(event.startsWith("call_") && source.includes("`call_$")),
    );
    expect(unlogged).toEqual([]);
  });

  it("gives each event the levels that the code gives it", () => {
    const logged = [...productSource().matchAll(/\blog\(\s*"(\w+)",\s*"(\w+)"/g)];
    expect(logged.length).toBeGreaterThan(10);
    for (const [, level = "", event = ""] of logged) expect(log.levels.get(event), event).toContain(level);
  });

  it("describes every field that an event has", () => {
    const fields = new Set([...log.events.values()].flatMap((each) => [...each]));
    expect([...fields].filter((field) => !log.types.has(field))).toEqual([]);
    expect([...log.types.keys()].filter((field) => !fields.has(field))).toEqual([]);
  });

  it("speaks of no event that there is not", () => {
    const known = new Set([...eventsOfCode(), "parse_json"]);
    const spoken = [...OPERATIONS.matchAll(/`([a-z]+_[a-z_]+)`/g)].map(([, name = ""]) => name);
    expect(spoken.filter((name) => !known.has(name))).toEqual([]);
  });

  it("asks in its queries only for events and fields that there are", () => {
    const queries = [...OPERATIONS.matchAll(/```kusto\n(.*?)```/gs)].map(([, query = ""]) => query);
    expect(queries.length).toBeGreaterThan(4);
    for (const query of queries) {
      expect(query).toMatch(/^(let )?\w+/);
      expect(query).not.toMatch(/^\| *(\||$)/m);
      for (const [, field = ""] of query.matchAll(/\bline\.(\w+)/g)) expect([...log.types.keys()]).toContain(field);
      for (const [, event = ""] of query.matchAll(/"([a-z]+_[a-z_]+)"/g)) expect(eventsOfCode()).toContain(event);
    }
  });

  it("describes every column of Calls, and none besides", () => {
    const described = tablesWith(chapter(OPERATIONS, "## The table Calls"), "column", "type", "meaning").flat();
    const pruned = /outcome: "unknown", (\w+): true/.exec(read("src/store/call-pruning.ts"))?.[1];
    expect(described.map(({ column }) => column).sort()).toEqual([...columnsOfCode(), pruned].sort());
  });

  it("writes filters for an hour that take all of its partitions and no other", () => {
    const filters = [...OPERATIONS.matchAll(/PartitionKey ge '([^']+)' and PartitionKey lt '([^']+)'/g)];
    expect(filters.length).toBeGreaterThan(1);
    for (const [, from = "", until = ""] of filters) {
      const within = (hour: string) =>
        Array.from({ length: 200 }, () => callKey(crypto.randomUUID(), hour).partitionKey).filter(
          (key) => key >= from && key < until,
        ).length;
      expect([within("2026-11-25T14"), within("2026-11-25T15"), within("2026-11-25T16")]).toEqual([0, 200, 0]);
    }
  });

  it.each(
    tablesWith(OPERATIONS, "step", "at most, ms", "constant")
      .flat()
      .map((row) => {
        const [name = "", file = ""] = codeIn(row.constant ?? "");
        return [name, file, row["at most, ms"]] as const;
      }),
  )("gives %s of %s as the code does", (name, file, ms) => {
    const value = new RegExp(`^const ${name} = ([\\d_]+);`, "m").exec(read(file))?.[1];
    expect(Number(value?.replaceAll("_", ""))).toBe(Number(ms));
  });
});

/** Names of all columns that calls ever have, whatever becomes of them. */
function columnsOfCode(): string[] {
  const callId = crypto.randomUUID();
  const cell = cellText(false);
  const called = { kind: "application", id: callId } as const;
  const caller = { kind: "phone", id: "+14255550142" } as const;
  const call = { callId, called, caller, cameFrom: [] };
  const claim = claimColumns(
    { kind: "incoming", callId, tenantId: callId, callChainId: callId, dialledNumber: "+14255550100", call },
    new Date(),
    callId,
    cell,
  );
  const answer = { status: 403, code: "7505", message: "mismatch", requestId: callId, tries: 1 };
  const results: CallResult[] = [
    { kind: "failed", reason: "late" },
    { kind: "redirected", targets: [{ kind: "user", id: callId, weight: 1 }], fallback: "rule", answer },
    { kind: "gone", answer },
    { kind: "refused", targets: [], ended: true, answer },
  ];
  const decision: CallReport["decision"] = {
    kind: "reject",
    by: { kind: "nothing" },
    reason: "none",
    trace: { steps: [], dropped: [] },
  };
  const times = { claimedMs: 1, decidedMs: 1, elapsedMs: 1, rowsAgeMs: 1 };
  const reports = results.map((result) => reportColumns({ decision, result, ...times }, cell));
  const result = { code: 200, subcode: 0, message: "over" };
  const end = endColumns({ kind: "ended", callId, result, answeredBy: "somebody" }, "answered", new Date(), cell);
  return [...new Set([claim, ...reports, end].flatMap((columns) => Object.keys(columns)))];
}

describe("the documentation", () => {
  it.each([
    ["docs/operations.md", OPERATIONS],
    ["docs/security.md", SECURITY],
  ])("leads nowhere that is not there: %s", (file, markdown) => {
    const base = new URL(`../${file}`, import.meta.url);
    for (const [, target = ""] of markdown.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^https:/.test(target)) continue;
      const { pathname, hash } = new URL(target, base);
      const text = readFileSync(pathname, "utf8");
      if (hash !== "") expect(anchorsIn(text), target).toContain(hash.slice(1));
    }
  });

  it("speaks only of settings that there are", () => {
    const settings = new Set([...read("src/settings.ts").matchAll(/"([A-Z]+(?:_[A-Z]+)*)"/g)].map(([, name]) => name));
    for (const markdown of [OPERATIONS, SECURITY]) {
      const names = markdown.match(/\b[A-Z]{3,}_[A-Z_]+\b/g) ?? [];
      const ofOthers = (name: string) => name.endsWith("_MS") || name === "AZURE_LOG_LEVEL";
      expect(names.filter((name) => !settings.has(name) && !ofOthers(name))).toEqual([]);
    }
  });
});

/** The anchors that GitHub gives a text's headings. */
function anchorsIn(markdown: string): string[] {
  return [...markdown.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}
