import { createServer } from "node:net";
import { app, type HttpResponseInit, type InvocationContext, type Timer } from "@azure/functions";
import { describe, expect, it } from "vitest";
import { anHttp, useHosts } from "../support/hosts.ts";

const { hostOf, lines } = useHosts();

function gate(): { readonly opened: Promise<void>; open(): void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { opened: promise, open: resolve };
}

describe("startFunctionsHost: log and hooks", () => {
  it("reports every level with invocation and function", async () => {
    const handler = (_request: unknown, context: InvocationContext) => {
      context.trace("a", { b: 1 });
      context.debug("debug");
      context.log("log");
      context.warn("warn");
      context.error("error");
      return { body: context.invocationId };
    };
    const host = await hostOf(() => anHttp("calls", { handler }));
    const invocationId = await (await fetch(`${host.url}/api/calls`)).text();
    expect(lines.map(({ level, message }) => [level, message])).toEqual([
      ["trace", "a { b: 1 }"],
      ["debug", "debug"],
      ["information", "log"],
      ["warning", "warn"],
      ["error", "error"],
    ]);
    expect(lines.every((line) => line.invocationId === invocationId && line.functionName === "calls")).toBe(true);
  });

  it("runs the hooks around start, invocation and end, in that order", async () => {
    const seen: string[] = [];
    const host = await hostOf(() => {
      app.hook.appStart(() => void seen.push("appStart"));
      app.hook.preInvocation((context) => {
        seen.push("preInvocation");
        context.hookData.from = "pre";
      });
      app.hook.postInvocation((context) => {
        seen.push(`postInvocation after ${context.hookData.from}`);
        context.result = { status: 202, body: "changed" };
      });
      app.hook.appTerminate(() => void seen.push("appTerminate"));
      anHttp("calls", { handler: () => ({ body: String(seen.push("function")) }) });
    });
    expect(seen).toEqual(["appStart"]);
    const response = await fetch(`${host.url}/api/calls`);
    expect([response.status, await response.text()]).toEqual([202, "changed"]);
    await host.close();
    await host.close();
    expect(seen.slice(1)).toEqual(["preInvocation", "function", "postInvocation after pre", "appTerminate"]);
  });

  it("lets a preInvocation hook replace the handler, and a postInvocation hook forgive an error", async () => {
    const host = await hostOf(() => {
      app.hook.preInvocation((context) => {
        if (context.invocationContext.functionName !== "replaced") return;
        context.functionHandler = () => ({ body: "from the hook" });
      });
      app.hook.postInvocation((context) => {
        if (context.error === null) return;
        context.error = null;
        context.result = { status: 503 };
      });
      anHttp("replaced");
      anHttp("failing", { handler: () => Promise.reject(new Error("down")) });
    });
    expect(await (await fetch(`${host.url}/api/replaced`)).text()).toBe("from the hook");
    expect((await fetch(`${host.url}/api/failing`)).status).toBe(503);
  });

  it("lets a log hook change the app's lines", async () => {
    const host = await hostOf(() => {
      app.hook.log((context) => {
        context.message = context.message.replace(/\d+/, "***");
      });
      anHttp("calls", { handler: (_request, context) => ({ body: String(context.log("from 14255550100")) }) });
    });
    await fetch(`${host.url}/api/calls`);
    expect(lines.map((line) => line.message)).toEqual(["from ***"]);
  });
});

describe("startFunctionsHost: timers", () => {
  it("lists a timer, and runs it on demand, not past due", async () => {
    const runs: Timer[] = [];
    const host = await hostOf(() =>
      app.timer("prune", { schedule: "0 0 3 * * *", handler: (timer) => void runs.push(timer) }),
    );
    expect(host.functions).toEqual([{ kind: "timer", name: "prune", schedule: "0 0 3 * * *" }]);
    await host.runTimer("prune");
    expect(runs).toMatchObject([{ isPastDue: false, schedule: { adjustForDST: true } }]);
  });

  it("passes a timer's error on to whoever ran it, and names the timers when there is none of that name", async () => {
    const host = await hostOf(() =>
      app.timer("prune", { schedule: "0 0 3 * * *", handler: () => Promise.reject(new Error("tables are down")) }),
    );
    await expect(host.runTimer("prune")).rejects.toThrow("tables are down");
    expect(lines).toMatchObject([{ level: "error", functionName: "prune" }]);
    await expect(host.runTimer("prone")).rejects.toThrow('no timer function "prone"; there is prune');
  });
});

describe("startFunctionsHost: start and end", () => {
  it("rejects with EADDRINUSE when the port is taken", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => other.once("listening", resolve));
    const address = other.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    await expect(hostOf(() => anHttp("calls"), { port })).rejects.toMatchObject({ code: "EADDRINUSE" });
    other.close();
  });

  it("fails with the error of an appStart hook, without listening", async () => {
    const start = hostOf(() => app.hook.appStart(() => Promise.reject(new Error("BOT_APP_ID is missing"))));
    await expect(start).rejects.toThrow("BOT_APP_ID is missing");
  });

  it("refuses two functions of one name, and a name or route that Azure would refuse", async () => {
    const twice = () => {
      anHttp("calls");
      anHttp("calls");
    };
    await expect(hostOf(twice)).rejects.toThrow('A function with id "calls" has already been registered.');
    await expect(hostOf(() => anHttp("1st call"))).rejects.toThrow('"1st call" is not a valid function name.');
    await expect(hostOf(() => anHttp("calls", { route: "/calls" }))).rejects.toThrow("may not start with");
  });

  it("refuses to register a function once the app has started", async () => {
    await hostOf(() => anHttp("calls"));
    expect(() => anHttp("late")).toThrow("A function can only be registered during app startup.");
  });

  it("keeps apps that load at the same time apart", async () => {
    const [a, b] = await Promise.all([hostOf(async () => anHttp("a")), hostOf(async () => anHttp("b"))]);
    expect([a, b].map((host) => host.functions.map((each) => each.name))).toEqual([["a"], ["b"]]);
  });

  it("lets an open request finish on close", async () => {
    const [entered, release] = [gate(), gate()];
    const host = await hostOf(() =>
      anHttp("slow", {
        handler: async () => {
          entered.open();
          await release.opened;
          return { body: "done" };
        },
      }),
    );
    const response = fetch(`${host.url}/api/slow`);
    await entered.opened;
    const closed = host.close();
    release.open();
    expect(await (await response).text()).toBe("done");
    await closed;
    await expect(fetch(`${host.url}/api/slow`)).rejects.toThrow();
  });

  it("cuts a request that outlasts the grace", async () => {
    const entered = gate();
    const never = new Promise<HttpResponseInit>(() => {});
    const host = await hostOf(() =>
      anHttp("stuck", {
        handler: () => {
          entered.open();
          return never;
        },
      }),
    );
    const response = fetch(`${host.url}/api/stuck`).then(
      () => "answered",
      () => "cut",
    );
    await entered.opened;
    await host.close(1);
    expect(await response).toBe("cut");
  });
});
