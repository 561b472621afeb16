import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect } from "vitest";

/** How long something may take to appear that the rows say is there. */
const PATIENCE_MS = 10_000;

const NAMES = ["chromium", "chromium-browser", "google-chrome"];
const HOW_TO_RUN = "skipped for want of Chromium: apt-get install chromium, or name one in $CHROMIUM";

/** Tests in a real browser. Without one they are skipped and say so; in CI that is a failure. */
export function describeInBrowser(name: string, body: () => void): void {
  if (findBrowser() === undefined && !process.env.CI) describe.skip(`${name} (${HOW_TO_RUN})`, body);
  else describe(name, body);
}

function findBrowser(): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const found = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [process.env.CHROMIUM ?? "", ...found].find((path) => path !== "" && isExecutable(path));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Opens pages of their own, each a stranger to the others. */
export type OpenPage = (address: string, options?: BrowserContextOptions) => Promise<Page>;

/** An administrator's screen in Seattle. */
const USUAL: BrowserContextOptions = {
  viewport: { width: 1280, height: 900 },
  locale: "en-US",
  timezoneId: "America/Los_Angeles",
  colorScheme: "light",
};

/**
 * A browser for the tests around it. After each of them its pages are closed, and none may have said anything of a
 * breach of the Content-Security-Policy or of an error of its own.
 */
export function useBrowser(): OpenPage {
  let browser: Browser | undefined;
  const complaints: string[] = [];
  beforeAll(async () => {
    const executablePath = findBrowser();
    if (executablePath === undefined) throw new Error("There is no Chromium, which CI has to have: see .ci/run.");
    // Root has no sandbox, and CI is root in a container of its own.
    const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
    browser = await chromium.launch({ executablePath, args });
  });
  afterEach(async () => {
    for (const context of browser?.contexts() ?? []) await context.close();
    expect(complaints.splice(0)).toEqual([]);
  });
  afterAll(async () => await browser?.close());
  return async (address, options = {}) => {
    if (browser === undefined) throw new Error("the browser has not been started yet");
    const context = await browser.newContext({ ...USUAL, ...options });
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("console", (message) => {
      if (/content security policy/i.test(message.text())) complaints.push(message.text());
    });
    await page.goto(address);
    return page;
  };
}
