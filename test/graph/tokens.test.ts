import type { AccessToken } from "@azure/identity";
import { afterEach, describe, expect, it, vi } from "vitest";
import { GraphTokens } from "../../src/graph/tokens.ts";
import { aToken, CountingCredential } from "./simulated-graph.ts";

const SCOPE = "https://graph.microsoft.com/.default";
const CONTOSO = "87ae0c5e-66c6-5bb9-bf24-0d9c7f1c0e98";
const FABRIKAM = "54a1b54f-9133-52a1-81d4-11a3ba2ede7e";

/** Tokens from one credential, whichever tenant they are for. */
function tokensFrom(credential: CountingCredential): GraphTokens {
  return new GraphTokens(SCOPE, () => credential);
}

/** A credential whose tokens are called `1`, `2`, ... */
function numbered(secondsLeft: (turn: number) => number = () => 3600): CountingCredential {
  return new CountingCredential(async (turn) => aToken({ token: String(turn), secondsLeft: secondsLeft(turn) }));
}

/** Lets everything go on that waits for nothing but promises. */
const promisesSettle = () => new Promise((resolve) => setImmediate(resolve));

afterEach(() => {
  vi.useRealTimers();
});

describe("GraphTokens.get", () => {
  it("asks once for fifty callers at a time, and not again while the token lives", async () => {
    const credential = numbered();
    const tokens = tokensFrom(credential);
    const given = await Promise.all(Array.from({ length: 50 }, () => tokens.get(CONTOSO)));
    expect(new Set(given)).toEqual(new Set(["1"]));
    expect(await tokens.get(CONTOSO)).toBe("1");
    expect(credential.scopes).toEqual([SCOPE]);
  });

  it("has a token and a credential for each tenant", async () => {
    const made: string[] = [];
    const tokens = new GraphTokens(SCOPE, (tenantId) => {
      made.push(tenantId);
      return new CountingCredential(async () => aToken({ token: `for ${tenantId}` }));
    });
    const given = await Promise.all([CONTOSO, FABRIKAM, CONTOSO].map((tenantId) => tokens.get(tenantId)));
    expect(given).toEqual([`for ${CONTOSO}`, `for ${FABRIKAM}`, `for ${CONTOSO}`]);
    expect(made).toEqual([CONTOSO, FABRIKAM]);
  });

  it("renews a token near its end behind the caller's back", async () => {
    const renewal = Promise.withResolvers<AccessToken>();
    const credential = new CountingCredential(async (turn) =>
      turn === 1 ? aToken({ token: "old", secondsLeft: 5 * 60 }) : await renewal.promise,
    );
    const tokens = tokensFrom(credential);
    expect(await tokens.get(CONTOSO)).toBe("old");
    // These two share one renewal, and neither waits for it.
    expect(await tokens.get(CONTOSO)).toBe("old");
    expect(await tokens.get(CONTOSO)).toBe("old");
    expect(credential.asked).toBe(2);

    renewal.resolve(aToken({ token: "new" }));
    await promisesSettle();
    expect(await tokens.get(CONTOSO)).toBe("new");
    expect(credential.asked).toBe(2);
  });

  it("goes on with the old token when renewing fails, and tries again", async () => {
    const credential = new CountingCredential(async (turn) => {
      if (turn === 2) throw new Error("Entra is down");
      return aToken({ token: String(turn), secondsLeft: turn === 1 ? 5 * 60 : 3600 });
    });
    const tokens = tokensFrom(credential);
    await tokens.get(CONTOSO);
    for (const expected of ["1", "1", "3"]) {
      expect(await tokens.get(CONTOSO)).toBe(expected);
      await promisesSettle();
    }
  });

  it.each([-60, 0, 10, 30])("does not use a token again with %i s left", async (secondsLeft) => {
    const tokens = tokensFrom(numbered((turn) => (turn === 1 ? secondsLeft : 3600)));
    await tokens.get(CONTOSO);
    expect(await tokens.get(CONTOSO)).toBe("2");
  });

  it.each([
    ["throws", () => Promise.reject(new Error("no identity is assigned")), "no identity is assigned"],
    ["gives none", async () => null, "no token"],
  ])("says token-unavailable when the credential %s, and asks again for the next call", async (_what, fail, reason) => {
    const credential = new CountingCredential(async (turn) => (turn === 1 ? await fail() : aToken({ token: "good" })));
    const tokens = tokensFrom(credential);
    const failed = await Promise.allSettled([tokens.get(CONTOSO), tokens.get(CONTOSO)]);
    for (const each of failed) {
      expect(each).toMatchObject({
        reason: { name: "Fault", code: "token-unavailable", message: expect.stringContaining(reason) },
      });
    }
    expect(credential.asked).toBe(1);
    expect(await tokens.get(CONTOSO)).toBe("good");
  });

  it("says token-unavailable when no credential can be made", async () => {
    const tokens = new GraphTokens(SCOPE, () => {
      throw new Error("the certificate cannot be read");
    });
    await expect(tokens.get(CONTOSO)).rejects.toMatchObject({ code: "token-unavailable" });
  });

  it("keeps a tenant's failure from the others", async () => {
    const tokens = new GraphTokens(SCOPE, (tenantId) =>
      tenantId === CONTOSO ? new CountingCredential(async () => null) : numbered(),
    );
    const given = await Promise.allSettled([tokens.get(CONTOSO), tokens.get(FABRIKAM)]);
    expect(given.map(({ status }) => status)).toEqual(["rejected", "fulfilled"]);
  });

  it("does not let a request that hangs for ever keep every later call waiting", async () => {
    vi.useFakeTimers();
    const credential = new CountingCredential(async (turn) =>
      turn === 1 ? await Promise.withResolvers<AccessToken>().promise : aToken({ token: "good" }),
    );
    const tokens = tokensFrom(credential);
    const hung = expect(tokens.get(CONTOSO)).rejects.toMatchObject({ code: "token-unavailable" });
    await vi.runAllTimersAsync();
    await hung;
    expect(await tokens.get(CONTOSO)).toBe("good");
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("GraphTokens.forget", () => {
  it("has the next token come from a new credential", async () => {
    const made: string[] = [];
    const tokens = new GraphTokens(SCOPE, (tenantId) => {
      made.push(tenantId);
      const token = `of credential ${made.length}`;
      return new CountingCredential(async () => aToken({ token }));
    });
    expect(await tokens.get(CONTOSO)).toBe("of credential 1");
    expect(await tokens.get(FABRIKAM)).toBe("of credential 2");
    tokens.forget(CONTOSO);
    expect(await tokens.get(CONTOSO)).toBe("of credential 3");
    expect(await tokens.get(FABRIKAM)).toBe("of credential 2");
    expect(made).toEqual([CONTOSO, FABRIKAM, CONTOSO]);
  });

  it("drops what a request that was under way brings", async () => {
    const early = Promise.withResolvers<AccessToken>();
    const credential = new CountingCredential(async (turn) =>
      turn === 1 ? await early.promise : aToken({ token: "after consent" }),
    );
    const tokens = tokensFrom(credential);
    const first = tokens.get(CONTOSO);
    tokens.forget(CONTOSO);
    expect(await tokens.get(CONTOSO)).toBe("after consent");
    early.resolve(aToken({ token: "before consent" }));
    expect(await first).toBe("before consent");
    expect(await tokens.get(CONTOSO)).toBe("after consent");
  });

  it("is harmless for a tenant of which nothing is known", async () => {
    const tokens = tokensFrom(numbered());
    tokens.forget(CONTOSO);
    expect(await tokens.get(CONTOSO)).toBe("1");
  });
});
