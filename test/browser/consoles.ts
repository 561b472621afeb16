import type { BrowserContextOptions, Locator, Page } from "playwright-core";
import { afterAll, beforeAll } from "vitest";
import { type OpenPage, useBrowser } from "../support/browser.ts";
import type { TestStack } from "../support/stack.ts";
import { type ConsoleProcess, startConsole } from "./console-process.ts";

/** A console that is being served, and a browser to look at it. */
export interface ConsolePages {
  /** Opens the printed address, then a view: `lines`, `week?line=…`. */
  readonly open: (view: string, options?: BrowserContextOptions) => Promise<Page>;
  /** Opens an address in a browser that has not been let in. */
  readonly openPage: OpenPage;
  /** With the token that lets in. */
  readonly url: () => string;
  readonly end: () => Promise<void>;
}

/** Serves a console for the tests around it. @param tables a connection string, or the stack that it belongs to */
export function useConsolePages(tables: () => TestStack | string): ConsolePages {
  const openPage = useBrowser();
  let running: ConsoleProcess | undefined;
  const end = async () => {
    const last = running;
    running = undefined;
    await last?.end();
  };
  beforeAll(async () => {
    running = await startConsole(tables());
  });
  afterAll(end);
  const url = () => {
    if (running === undefined) throw new Error("the console has not been started yet");
    return running.url;
  };
  return {
    openPage,
    url,
    end,
    // The way behind # outlives the redirect that takes the token out of the address.
    open: async (view, options) => await openPage(`${url()}#/${view}`, options),
  };
}

/** All that a place says. */
export async function textOf(place: Locator): Promise<string> {
  return (await place.textContent()) ?? "";
}
