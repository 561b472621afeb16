import { setTimeout } from "node:timers/promises";
import { isWrong, messageOf, type Reading } from "../../src/errors.ts";
import { httpsUrl, loopbackUrl, numberIn } from "../../src/settings.ts";
import type { Report } from "./lib/report.ts";
import { type Given, runScript, Unreachable } from "./lib/script.ts";

const USAGE = `npm run azure:smoke -- --url URL [OPTIONS]

Asks a deployed app what everybody may ask it: its health, and the webhook without a token, which must refuse. It needs no
sign-in and leaves nothing but a line in the app's log.

  --url URL            the app's address, https; http only on this machine's loopback
  --wait SECONDS       how long the app may take to come up; default 180
  --dry-run            say what would be asked

Example, on the local stack of npm start:
  npm run azure:smoke -- --url http://127.0.0.1:7071
`;

const TRY_MS = 15_000;
const PAUSE_MS = 5_000;

const appUrl: Reading<string> = (given) => {
  const local = loopbackUrl(given);
  return isWrong(local) ? httpsUrl(given) : local;
};

/** A question to the app. */
interface Check {
  readonly ask: string;
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly status: number;
  /** A header that the answer must have. */
  readonly header?: string;
}

const CHECKS: readonly Check[] = [
  { ask: "GET /api/health", method: "GET", path: "/api/health", status: 200 },
  {
    ask: "POST /api/calls without a token",
    method: "POST",
    path: "/api/calls",
    status: 401,
    header: "www-authenticate",
  },
];

async function run(given: Given, report: Report): Promise<void> {
  const url = given.required("url", appUrl);
  const until = performance.now() + 1000 * (given.optional("wait", numberIn(0, 1800)) ?? 180);
  for (const check of CHECKS) {
    if (given.dryRun) report.would(`ask ${url} for ${check.ask}, and expect ${check.status}`);
    else await answerTo(url, check, until, report);
  }
}

/** @throws Unreachable when nobody answers in time */
async function answerTo(url: string, check: Check, until: number, report: Report): Promise<void> {
  for (;;) {
    const answer = await ask(`${url}${check.path}`, check).catch((error: unknown) => error);
    if (answer === undefined) return report.done(`${check.ask}: ${check.status}`);
    if (performance.now() + PAUSE_MS > until) {
      if (answer instanceof Error) throw new Unreachable(`${url} does not answer ${check.ask}: ${messageOf(answer)}`);
      return report.refused(`${check.ask}: ${answer}`, ["docs/deploy.md tells what each answer means"]);
    }
    // A package that was deployed a moment ago is still being loaded.
    await setTimeout(PAUSE_MS);
  }
}

/** @returns what is wrong with the answer; undefined when nothing is */
async function ask(url: string, { method, status, header }: Check): Promise<string | undefined> {
  const response = await fetch(url, {
    method,
    ...(method === "POST" && { body: "{}", headers: { "content-type": "application/json" } }),
    redirect: "manual",
    signal: AbortSignal.timeout(TRY_MS),
  });
  await response.body?.cancel();
  if (response.status !== status) return `${response.status} instead of ${status}`;
  return header === undefined || response.headers.has(header) ? undefined : `${status} without ${header}`;
}

await runScript({ name: "azure:smoke", usage: USAGE, options: ["url", "wait"], run });
