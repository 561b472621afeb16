import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startAppInBox } from "../support/app-in-box.ts";
import { readDocumentedLog, undocumentedIn } from "../support/documented-log.ts";
import { showsNumber, tokenPartsIn } from "../support/leaks.ts";
import { endedEntry, incomingEntry } from "../support/ringing.ts";
import { ACCOUNT, ALICE, BOT, CONTOSO, FABRIKAM, FUNCTION_KEY, useStack } from "../support/stack.ts";

const CLIENT_SECRET = "Zx8Q~kept-out-of-every-line";
const stack = useStack({ BOT_CLIENT_SECRET: CLIENT_SECRET, FALLBACK_TARGET: "phone:+14255551001" });

/** Every number that calls and rows hold, as far as the app may get to see it. No two end alike. */
const NUMBERS = {
  appFallback: "+14255551001",
  caller: "+12065552002",
  dialled: "+14255553003",
  line: "+14255554004",
  mobile: "+14255555005",
  refused: "+14255556006",
  forwarder: "+442079467007",
  fullWidth: "+14255558008",
  arabic: "+14255559009",
  typed: "+14255551110",
  ruleName: "+13035552220",
  message: "+14255553330",
  body: "+14255554440",
  key: "+14255555550",
  critical: "+14255556660",
  setting: "+14255557770",
  column: "+14255558880",
  unseen: "+14255559990",
} as const;

const CALLER_NAME = "Zebulon Quixworth";
const LINE_WITH_NUMBER = "3fdd0ff4-9d2b-4f8b-8a2e-bd6e2f0c1a57";
const TENANT_CALL = { caller: { phone: { id: NUMBERS.caller, displayName: CALLER_NAME } } } as const;
const account = (id: string = ACCOUNT) => ({ applicationInstance: { id, tenantId: CONTOSO } });

/** Tokens that were sent to the webhook, good and bad. */
const tokens: string[] = [];

async function rows(): Promise<void> {
  const { addRow } = stack();
  const add = addRow.bind(stack());
  await add("Lines", "line", LINE_WITH_NUMBER, { number: NUMBERS.line, name: "Front desk" });
  await add("Routes", ACCOUNT, `vip ${NUMBERS.ruleName}`, {
    caller: NUMBERS.caller,
    targets: `phone:${NUMBERS.refused} "Second desk", phone:${NUMBERS.forwarder}`,
    fallback: `phone:${NUMBERS.mobile}`,
  });
  await add("Routes", "default", "desk", { targets: `phone:${NUMBERS.mobile} "Desk", phone:${NUMBERS.line}` });
  await add("CallerLists", NUMBERS.caller, "vip", { until: `ask ${NUMBERS.key}` });
}

async function badRows(): Promise<void> {
  const add = stack().addRow.bind(stack());
  await add("Routes", "all", "bad-1", { targets: `phone:${NUMBERS.typed} or 1 (425) 555-1110`, timeout: 5 });
  await add("Routes", "all", "bad-2", { targets: "phone:＋１４２５５５５８００８ or so" });
  await add("Routes", "all", "bad-3", { targets: "phone:١٤٢٥٥٥٥٩٠٠٩ or so" });
  await add("Routes", "all", "bad-5", { targets: "phone:+1\u200b425\u2060555\u00ad9990 or so" });
  await add("Routes", "all", `bad ${NUMBERS.key}`, { caller: "everybody", targets: NUMBERS.key });
  await add("Routes", "all", "bad-4", { targets: 14_255_551_110, telefon: NUMBERS.column });
  await add("Routes", "override", NUMBERS.line, { targets: `phone:${NUMBERS.mobile}`, until: "2026-01-01T00:00Z" });
}

/** From another caller than the usual one, and to an account of its own. */
function incoming(callId: string, more: object = {}): object {
  const facts = { source: { identity: TENANT_CALL.caller }, targets: [{ identity: account() }] };
  return incomingEntry(callId, "", { ...facts, ...more });
}

function ended(callId: string, resultInfo: object, more: object = {}): object {
  return endedEntry(callId, { resultInfo, ...more });
}

async function post(body: unknown, token?: string | null): Promise<Response> {
  const sent = token === undefined ? await stack().simulator.issueToken() : token;
  if (sent !== null) tokens.push(sent);
  return await stack().post(body, { token: sent });
}

async function ring(more: object = {}, called = account()) {
  const { id } = await stack().simulator.placeCall({ ...TENANT_CALL, called, ...more });
  return await stack().simulator.waitFor(id, ({ finished }) => finished, { timeoutMs: 25_000 });
}

async function callsOfAllKinds(): Promise<void> {
  const { simulator } = stack();
  simulator.setTarget(NUMBERS.refused, { behaviour: "refuse" });
  await ring();
  await ring({ faults: [{ kind: "duplicate-sequential" }] });
  await ring({ caller: null });
  await ring({}, account(LINE_WITH_NUMBER));
  for (const kind of ["8522", "7503", "unknown-error", "503"] as const) {
    // The first post has been answered then; the caller would wait for its 15 s.
    await simulator.placeCall({ ...TENANT_CALL, called: account(), faults: [{ kind }] });
  }
  const forwarded = { routingType: "forwarded", original: { phone: { id: NUMBERS.forwarder } } };
  const lookup = { routingType: "lookup", original: { phone: { id: NUMBERS.dialled } } };
  await ring({ resourceData: { callRoutes: [forwarded, lookup] } });
  const callChainId = crypto.randomUUID();
  for (let turn = 0; turn < 3; turn++) await ring({ callChainId });
  await stack().addRow("Routes", "all", "reject", { priority: 1, caller: NUMBERS.caller, action: "reject" });
  await ring();
  await stack().table("Routes").deleteEntity("all", "reject");
  for (const spelled of ["1 (206) 555-2002", "tel:+12065552002", "sip:12065552002@contoso.com", "12065552002 ext. 7"]) {
    await ring({ caller: { phone: { id: spelled, displayName: CALLER_NAME } } });
  }
}

async function posts(): Promise<void> {
  const callId = crypto.randomUUID();
  const result = { code: 486, subcode: 0, message: `${NUMBERS.message} is busy` };
  const answeredBy = { identity: { phone: { id: NUMBERS.mobile } } };
  await post({ value: [incoming(callId), ended(callId, result, { answeredBy })] });
  await post({ value: [null, NUMBERS.body, { resourceUrl: `/communications/calls/${NUMBERS.body}` }] });
  await post({ value: [{ resourceUrl: `/communications/calls/${callId}/participants` }] });
  await post({ value: [incoming(crypto.randomUUID(), { incomingContext: { observedParticipantId: "x" } })] });
  await post({ value: [incoming(crypto.randomUUID(), { tenantId: FABRIKAM })] });
  await post({ callState: "incoming", participants: [{ identity: { id: `4:${NUMBERS.body}` } }] });
  for (const body of [NUMBERS.body, `{"value":["${NUMBERS.body}"`, `["${NUMBERS.body}"]`, ""]) await post(body);
  await post(`${" ".repeat(300_000)}${NUMBERS.body}`);
}

async function postsOfStrangers(): Promise<void> {
  const { simulator } = stack();
  const refused = [
    null,
    "kept-out-of-every-line",
    await simulator.issueToken({ aud: FABRIKAM }),
    await simulator.issueToken({ alg: "none" }),
    await simulator.issueToken({ signedBy: "unpublished" }),
    await tokenWithHeader({ crit: [`${NUMBERS.critical} "}\n{"event":"forged`] }),
  ];
  for (const token of refused) expect((await post({ value: [] }, token)).status).toBe(401);
}

/** A good token but for its header. */
async function tokenWithHeader(more: object): Promise<string> {
  const [header = "", ...others] = (await stack().simulator.issueToken()).split(".");
  const parsed: object = JSON.parse(Buffer.from(header, "base64url").toString());
  return [Buffer.from(JSON.stringify({ ...parsed, ...more })).toString("base64url"), ...others].join(".");
}

function accountKey(): string {
  return /AccountKey=([^;]+)/.exec(stack().azurite.connectionString)?.[1] ?? "no key";
}

/** What must stand in nothing that the app writes, found in a text. */
function secretsIn(text: string): string[] {
  const signatures = tokens.map((token) => token.split(".")[2] ?? "").filter((part) => part.length > 8);
  const secrets = [accountKey(), CLIENT_SECRET, FUNCTION_KEY, CALLER_NAME, "kept-out-of-every-line", ...signatures];
  return [
    ...Object.entries(NUMBERS).flatMap(([name, number]) => (showsNumber(text, number) ? [name] : [])),
    ...secrets.filter((secret) => text.includes(secret)),
    ...tokenPartsIn(text),
    ...(text.match(/\bbearer (?!token")\S+/gi) ?? []),
  ];
}

const log = readDocumentedLog();

/** What is wrong with messages of the app, all of which must be lines of JSON that the documentation knows. */
function faultsOf(messages: readonly string[]): string[] {
  return messages.flatMap((message) => {
    if (/[\r\n\u2028\u2029]/.test(message)) return [`more than one line: ${message}`];
    if (!message.startsWith('{"event":"')) return [`no JSON: ${message}`];
    return undocumentedIn(log, JSON.parse(message));
  });
}

const eventsIn = (messages: readonly string[]) => new Set(messages.map((message) => String(JSON.parse(message).event)));

describe("everything that the app logs", () => {
  const messages = () =>
    stack()
      .logLines.filter(({ category }) => category === "user")
      .map(({ message }) => message);

  beforeAll(async () => {
    await rows();
    await callsOfAllKinds();
    await badRows();
    await ring();
    await posts();
    await postsOfStrangers();
    await fetch(`${stack().host.url}/api/health/ready?code=${FUNCTION_KEY}`);
    await stack().host.runTimer("prune-calls");
    await stack().host.runTimer("audit");
    await stack().azurite.stop();
    await ring();
    await ring({}, account(crypto.randomUUID()));
    await stack().host.runTimer("prune-calls");
  }, 120_000);

  it("shows no number, no token and no secret", () => {
    expect(
      secretsIn(
        stack()
          .logLines.map(({ message }) => message)
          .join("\n"),
      ),
    ).toEqual([]);
    expect(messages().some((message) => message.includes("*******2002"))).toBe(true);
  });

  it("is lines of JSON, with events and fields of docs/operations.md only", () => {
    expect(faultsOf(messages())).toEqual([]);
  });

  it("holds nearly every event there is, so that the two facts above say something", () => {
    const unseen = [...log.events.keys()].filter((event) => !eventsIn(messages()).has(event));
    // Each has a test of its own, or takes what no test waits for: 5 s, or a key server that is down from the start.
    expect(unseen.sort()).toEqual(["call_slow", "keys_unavailable", "warming_failed"]);
  });

  it("fills every documented field of a call's line", () => {
    const seen = new Set(
      messages()
        .map((message): object => JSON.parse(message))
        .filter((line) => "graphMs" in line)
        .flatMap(Object.keys),
    );
    expect(log.ofACall.filter((field) => !seen.has(field))).toEqual([]);
  });

  it("leaves a line about each post that it refuses", () => {
    const refused = messages()
      .map((message) => JSON.parse(message))
      .filter(({ event }) => event === "delivery_refused")
      .map(({ status }) => status);
    expect(new Set(refused)).toEqual(new Set([400, 401, 413]));
  });

  it("quotes nothing of a token that was refused", () => {
    const reasons = stack()
      .logged("delivery_refused")
      .map(({ reason }) => String(reason));
    expect(reasons.filter((reason) => reason.includes("forged"))).toEqual([]);
  });
});

describe("a callback address in the wrong hands", () => {
  it("opens nothing without a token", async () => {
    const before = stack().logged("delivery_refused").length;
    for (const path of ["calls/2026112515", "calls/none-of-ours"]) {
      const answer = await stack().post({ value: [ended(crypto.randomUUID(), {})] }, { token: null, path });
      expect(answer.status).toBe(401);
    }
    expect(stack().logged("delivery_refused").length).toBe(before + 2);
  });
});

describe("a line about texts of any length", () => {
  it("is short enough for Application Insights, which cuts at 32 KiB", async () => {
    const long = "x".repeat(60_000);
    const parties = {
      source: { identity: { guest: { id: long } } },
      targets: [{ identity: { applicationInstance: { id: long } } }],
    };
    await stack().post({ value: [incoming(crypto.randomUUID(), { callChainId: long, ...parties })] });
    await stack().post({ value: [incoming(crypto.randomUUID(), { tenantId: long })] });
    const lines = stack().logLines.map(({ message }) => message);
    expect(lines.some((line) => line.includes("x".repeat(1000)))).toBe(true);
    expect(lines.filter((line) => line.length >= 32_768)).toEqual([]);
  });
});

describe("everything that a process of the app writes", () => {
  const settings = () => ({
    CLOUD: "local",
    LOCAL_STACK_URL: stack().simulator.url,
    TABLES_CONNECTION_STRING: stack().azurite.connectionString,
    CALLBACK_BASE_URL: "https://calls.contoso.com",
    BOT_APP_ID: BOT,
    BOT_TENANT_ID: CONTOSO,
    BOT_CLIENT_SECRET: CLIENT_SECRET,
    FALLBACK_TARGET: `phone:${NUMBERS.appFallback}`,
    DEFAULT_REGION: "US",
  });

  afterAll(() => stack().simulator.setFaults({ faults: [] }));

  it("shows no secret when nothing that it needs is there, and calls come", async () => {
    stack().simulator.setFaults({ faults: [{ kind: "keys-503" }] });
    const app = await startAppInBox(settings());
    const token = await stack().simulator.issueToken();
    tokens.push(token);
    const send = () =>
      fetch(`${app.url}/api/calls`, {
        method: "POST",
        headers: { authorization: `Bearer ${token}` },
        body: JSON.stringify({ value: [incoming(crypto.randomUUID())] }),
      });
    expect((await send()).status).toBe(503);
    stack().simulator.setFaults({ faults: [] });
    expect((await send()).status).toBe(202);
    const { messages, written } = await app.end();
    expect(secretsIn(written)).toEqual([]);
    expect(faultsOf(messages)).toEqual([]);
    expect(eventsIn(messages)).toEqual(
      new Set(["warming_failed", "keys_unavailable", "claim_unproven", "rows_stale", "call_gone", "record_failed"]),
    );
  });

  it("shows no secret when it cannot start for its settings", async () => {
    const wrong = {
      ...settings(),
      CLOUD: "global",
      BOT_CREDENTIAL: "secret",
      BOT_APP_ID: "contoso",
      FALLBACK_TARGET: `phone:${NUMBERS.setting} or (425) 555-7770, user:${ALICE}`,
      TABLES_ENDPOINT: `https://contoso:${CLIENT_SECRET}@contoso.table.core.windows.net`,
      OPENID_METADATA_URLS: `https://:${CLIENT_SECRET}@example.com/keys`,
    };
    const failure = await startAppInBox(wrong).catch(String);
    expect(failure).toMatch(/Ringroute cannot start: \d settings are wrong/);
    expect(failure).toContain("FALLBACK_TARGET");
    expect(failure).toContain("OPENID_METADATA_URLS");
    expect(secretsIn(String(failure))).toEqual([]);
  });
});
