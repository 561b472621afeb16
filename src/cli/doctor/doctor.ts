import type { Command } from "commander";
import type { Config } from "../../config.ts";
import { isWrong } from "../../errors.ts";
import { type Environment, httpUrl } from "../../settings.ts";
import { EXIT, type ExitCode, UsageError } from "../exit.ts";
import type { Host } from "../host.ts";
import { type CommonFlags, leaf, type RunAlone } from "../leaf.ts";
import { findLocalStack, type RunningStack } from "../local-stack.ts";
import { Output } from "../output.ts";
import { connectTables, signIn } from "../session.ts";
import { readSettings } from "../settings.ts";
import { wrap } from "../text-table.ts";
import { examineSettings, readSettingsFile } from "./app-settings.ts";
import { examineBotChannel } from "./bot-channel.ts";
import { unknown, type Verdict } from "./examination.ts";
import { examineGrant } from "./graph-grant.ts";
import { examineKeys } from "./keys.ts";
import { examineRefusals } from "./refusals.ts";
import { examineTables } from "./tables.ts";
import { examineToken } from "./token.ts";
import { examineReadiness, examineWebhook } from "./webhook.ts";

interface DoctorFlags extends CommonFlags {
  readonly settings?: string;
  readonly app?: string;
  readonly key?: string;
  readonly bot?: string;
}

export function addDoctor(program: Command, host: Host, run: RunAlone): void {
  leaf(program, "doctor", "Look whether the deployment is able to work: settings, tables, token, keys, webhook", [
    "ringroute doctor",
  ])
    .option("--settings <file>", "the app's settings: what az functionapp config appsettings list prints")
    .option("--app <url>", "the app's address; without it, CALLBACK_BASE_URL's or WEBSITE_HOSTNAME's")
    .option("--key <key>", "a function key, to ask the app what it sees itself")
    .option("--bot <id>", "resource id of the Azure Bot, to look at its Teams channel")
    .action((flags: DoctorFlags) => run(() => examine(flags, host)));
}

/** The deployment that is looked at. */
interface Patient {
  readonly env: Environment;
  /** Where its settings were found, for people. */
  readonly origin: string;
  readonly stack?: RunningStack;
}

type Tell = (verdicts: readonly Verdict[]) => void;

async function examine(flags: DoctorFlags, host: Host): Promise<ExitCode> {
  const out = new Output(host);
  const patient = await findPatient(flags, host);
  out.tell(`Settings: ${patient.origin}`);
  const verdicts: Verdict[] = [];
  const tell: Tell = (found) => {
    verdicts.push(...found);
    if (!flags.json) for (const verdict of found) out.print(...linesOf(verdict, out));
  };
  const { config, verdicts: ofSettings } = examineSettings(patient.env);
  tell(ofSettings);
  await examineRows(flags, patient, host, tell);
  if (config !== undefined) await examineBot(config, flags, patient, host.interrupted, tell);
  const count = (wanted: Verdict["state"]) => verdicts.filter(({ state }) => state === wanted).length;
  const [wrongs, unknowns] = [count("wrong"), count("unknown")];
  const unseen = unknowns === 0 ? "" : ` ${unknowns} could not be seen from here.`;
  if (flags.json) out.printJson(verdicts);
  else out.print("", `${wrongs === 0 ? "Nothing is" : wrongs} wrong.${unseen}`);
  return wrongs === 0 ? EXIT.good : EXIT.mistakes;
}

/** Settings of the file that was given, else of the environment where it holds a bot's, else of the local stack. */
async function findPatient({ settings, app }: DoctorFlags, host: Host): Promise<Patient> {
  const site: Environment = app === undefined ? {} : { WEBSITE_HOSTNAME: new URL(addressOf(app)).host };
  if (settings !== undefined) {
    const env = { ...site, ...(await readSettingsFile(settings)) };
    if (!env.WEBSITE_HOSTNAME?.trim() && !env.CALLBACK_BASE_URL?.trim()) throw withoutAddress(settings);
    return { env, origin: settings };
  }
  if (host.env.BOT_APP_ID?.trim()) return { env: { ...site, ...host.env }, origin: "the environment" };
  const stack = await findLocalStack(host.cwd);
  if (stack === undefined) {
    throw new UsageError(
      "Which deployment? Start the local stack with npm start, or give the app's settings with --settings FILE:\n" +
        "  az functionapp config appsettings list --name APP --resource-group GROUP > settings.json",
    );
  }
  return { env: stack.settings, origin: "the local stack's", stack };
}

/** Azure tells the app its host name when it runs, and lists it nowhere among the settings. */
function withoutAddress(path: string): UsageError {
  return new UsageError(
    `--settings is "${path}", which does not say where the app is; give its address with --app: https:// and\n` +
      "  az functionapp show --name APP --resource-group GROUP --query defaultHostName --output tsv",
  );
}

function addressOf(app: string): string {
  const address = httpUrl(app);
  if (isWrong(address)) throw new UsageError(`--app is "${app}"; ${address.wrong}.`);
  return address;
}

/** The tables, and what Calls tells of late. */
async function examineRows(flags: DoctorFlags, { env, stack }: Patient, host: Host, tell: Tell): Promise<void> {
  // Only what leads to the tables: what else is wrong with the settings has been told.
  const { TABLES_ENDPOINT, TABLES_CONNECTION_STRING, CLOUD } = env;
  const settings = readSettings(flags, { TABLES_ENDPOINT, TABLES_CONNECTION_STRING, CLOUD }, stack);
  const tables = await connectTables(settings);
  const verdicts = await examineTables(tables, settings.where, host.interrupted);
  tell(verdicts);
  if (verdicts.every(({ state }) => state === "good")) tell(await examineRefusals(tables.Calls, host));
}

/** What stands between the platform and a redirect: keys, token, permission, webhook, the bot's channel. */
async function examineBot(
  config: Config,
  flags: DoctorFlags,
  { stack }: Patient,
  interrupted: AbortSignal,
  tell: Tell,
): Promise<void> {
  tell(await examineKeys(config));
  tell([await examineToken(config)]);
  const appUrl = flags.app === undefined ? (stack?.appUrl ?? config.callbackBaseUrl) : addressOf(flags.app);
  tell(await examineWebhook(appUrl, interrupted));
  tell(await examineReadiness(appUrl, flags.key ?? stack?.functionKey, interrupted));
  if (config.credential.kind === "local") return;
  const person = await signIn(config);
  tell([await examineGrant(config, person, interrupted)]);
  if (flags.bot === undefined) {
    tell([unknown("bot channel", "not looked at", "Give the Azure Bot's resource id with --bot.")]);
    return;
  }
  const { managementRoot } = config.cloud;
  const { botAppId } = config;
  tell(await examineBotChannel({ resourceId: flags.bot, managementRoot }, { botAppId, appUrl }, person, interrupted));
}

const MARKS = { good: ["green", "ok     "], wrong: ["red", "WRONG  "], unknown: ["yellow", "?      "] } as const;

function linesOf({ part, state, says, remedy }: Verdict, out: Output): string[] {
  const [style, mark] = MARKS[state];
  const margin = " ".repeat(mark.length);
  const width = out.width - mark.length;
  const [first = "", ...others] = wrap(`${part}: ${says}`, width);
  const advice = remedy === undefined ? [] : wrap(remedy, width);
  return [out.paint(style, mark) + first, ...[...others, ...advice].map((line) => margin + line)];
}
