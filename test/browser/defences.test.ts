import { once } from "node:events";
import { createServer } from "node:http";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { seedTables } from "../../local/seed.ts";
import { startTableProxy, type TableProxy } from "../../local/table-proxy.ts";
import { useAzurite } from "../support/azurite.ts";
import { describeInBrowser } from "../support/browser.ts";
import { textOf, useConsolePages } from "./consoles.ts";

/** The page notices an outage within seconds; the tables are asked twice before it says so. */
const NOTICED = { timeout: 20_000 };

const azurite = useAzurite();
let proxy: TableProxy | undefined;
const tables = () => {
  if (proxy === undefined) throw new Error("the proxy has not been started yet");
  return proxy;
};

beforeAll(async () => {
  await seedTables(azurite().azurite.connectionString);
  proxy = await startTableProxy({ target: azurite().azurite });
});
const { open, openPage, url, end } = useConsolePages(() => tables().connectionString);
afterAll(async () => await proxy?.close());

describeInBrowser("a stranger", () => {
  it("who opens the address without its token gets nothing but a sentence", async () => {
    const page = await openPage("about:blank");
    const answer = await page.goto(new URL(url()).origin);
    expect(answer?.status()).toBe(403);
    expect(await textOf(page.locator("body"))).toMatch(/open the address that ringroute console printed/i);
  });

  it("that is another page in the same browser reads nothing and leads to nothing", async () => {
    const { origin } = new URL(url());
    const page = await open("lines");
    await page.getByRole("row").filter({ hasText: "Support" }).waitFor();
    const foreign = await servePage(
      `<title>waiting</title><link rel="icon" href="data:,"><a href="${origin}/api/lines">link</a>
      <script>fetch("${origin}/api/lines", { credentials: "include" }).then(() => "read", () => "refused").then((end) => { document.title = end; });</script>`,
    );
    const statuses = await watchStatuses(page);
    await page.goto(foreign.url);
    await expect.poll(() => page.title()).toBe("refused");
    // The page itself is served well; what it asks of the console is not.
    expect(statuses).toEqual([200, 403]);

    const [answer] = await Promise.all([page.waitForResponse(`${origin}/api/lines`), page.getByText("link").click()]);
    expect(answer.status()).toBe(403);
    await foreign.close();
  });
});

/** The statuses of all answers to come, those that the browser keeps from the page as well. */
async function watchStatuses(page: Page): Promise<readonly number[]> {
  const statuses: number[] = [];
  const devtools = await page.context().newCDPSession(page);
  devtools.on("Network.responseReceivedExtraInfo", ({ statusCode }) => statuses.push(statusCode));
  await devtools.send("Network.enable");
  return statuses;
}

async function servePage(html: string) {
  const server = createServer((_, response) =>
    response.writeHead(200, { "content-type": "text/html" }).end(`<!doctype html>${html}`),
  );
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("the server listens without an address");
  return {
    url: `http://127.0.0.1:${address.port}/`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

describeInBrowser("a table service that does not answer", () => {
  it("is told with the age of what is on screen, which stays, and no longer once it answers again", async () => {
    const page = await open("lines");
    const line = page.getByRole("row").filter({ hasText: "PstnAppInstance" });
    await line.waitFor();
    tables().setFaults({ faults: [{ kind: "down" }] });
    const banner = page.getByRole("alert").filter({ hasText: "The tables cannot be read" });
    await banner.waitFor(NOTICED);
    expect(await textOf(banner)).toMatch(/What is shown was read at .*, \d+ s ago/);
    expect(await line.isVisible()).toBe(true);

    tables().setFaults({ faults: [] });
    await banner.waitFor({ state: "detached", ...NOTICED });
  });
});

describeInBrowser("a console that was ended", () => {
  it("is told by the page that is still open", async () => {
    const page = await open("lines");
    await page.getByRole("row").filter({ hasText: "Support" }).waitFor();
    await end();
    await page.getByRole("alert").filter({ hasText: "the command that serves it may have ended" }).waitFor(NOTICED);
  }, 60_000);
});
