import { SigningKeys } from "./auth/signing-keys.ts";
import { PlatformTokenVerifier } from "./auth/verify-token.ts";
import { ChainWatch } from "./chain-watch.ts";
import { type Config, loadConfig } from "./config.ts";
import { Fault, messageOf } from "./errors.ts";
import { GraphCallControl } from "./graph/call-control.ts";
import { graphCredential, tablesCredential } from "./graph/credentials.ts";
import { GraphTokens } from "./graph/tokens.ts";
import { type DeliveryAnswer, type DeliveryPorts, type DeliveryRequest, handleDelivery } from "./handle-delivery.ts";
import type { Log } from "./log.ts";
import { checkReadiness, type Readiness } from "./readiness.ts";
import { RecentCalls } from "./recent-calls.ts";
import { TableCallLog } from "./store/call-log.ts";
import { pruneCalls } from "./store/call-pruning.ts";
import { TableRotation } from "./store/rotation.ts";
import { storedRows } from "./store/row-source.ts";
import { TableRuleSource } from "./store/rule-source.ts";
import { openTables, readRow } from "./store/tables.ts";

/** The app of one process. */
export interface App {
  handleDelivery(request: DeliveryRequest, log: Log): Promise<DeliveryAnswer>;
  /**
   * Fetches what the first call would have to wait for: signing keys, a token for Graph, rows, connections. What fails is
   * logged and left to the first call.
   */
  warm(log: Log): Promise<void>;
  readiness(): Promise<Readiness>;
  /** Deletes and closes old rows of Calls; what it does not get to waits for the next time. */
  pruneCalls(log: Log): Promise<void>;
}

/** Less than the host's functionTimeout, which would end it in the middle of a batch. */
const PRUNE_MS = 45_000;

let running: App | undefined;

/**
 * The process's app, made of the environment's settings on first use.
 *
 * @throws ConfigError
 */
export function theApp(): App {
  running ??= createApp(loadConfig(process.env));
  return running;
}

/** Puts the app together: settings to adapters to handlers. */
export function createApp(config: Config): App {
  const now = () => performance.now();
  const region = config.defaultRegion === undefined ? {} : { region: config.defaultRegion };
  const tables = openTables(config.tables, () => tablesCredential(config));
  const keys = new SigningKeys(config.cloud.metadataUrls, now);
  const tokens = new GraphTokens(`${config.cloud.graphRoot}/.default`, graphCredential(config));
  const rules = new TableRuleSource({
    rows: storedRows(tables),
    ...region,
    freshMs: config.routesCacheMs,
    deadlineMs: config.deadlineMs,
    now,
  });
  const ports: DeliveryPorts = {
    tokens: new PlatformTokenVerifier(keys, { audience: config.botAppId, issuers: config.cloud.issuers }),
    rules,
    callLog: new TableCallLog(tables.Calls, config.maskCallers, config.deadlineMs),
    recentCalls: new RecentCalls(),
    chainWatch: new ChainWatch(now),
    callControl: new GraphCallControl(config.cloud.graphRoot, tokens),
    rotation: new TableRotation(tables.Calls),
  };
  const settings = {
    botAppId: config.botAppId,
    ...region,
    ownTenantId: config.botTenantId,
    allowedTenants: config.allowedTenants,
    fallbackTargets: config.fallbackTargets,
    callbackBaseUrl: config.callbackBaseUrl,
    deadlineMs: config.deadlineMs,
  };
  return {
    handleDelivery: (request, log) => handleDelivery(request, log, ports, settings),
    async readiness() {
      const readiness = await checkReadiness({
        tables: (signal) => readRow(tables.Lines, "line", config.botAppId, signal),
        keys: () => keys.warm(),
        token: () => tokens.get(config.botTenantId),
      });
      const oldestMs = rules.oldestMs();
      return { ...readiness, ...(oldestMs === undefined ? {} : { rowsAgeSeconds: Math.round(oldestMs / 1000) }) };
    },
    async pruneCalls(log) {
      try {
        const signal = AbortSignal.timeout(PRUNE_MS);
        const counts = await pruneCalls(tables.Calls, config.callsRetentionDays, new Date(), signal);
        log("info", "calls_pruned", { ...counts });
      } catch (error) {
        if (!(error instanceof Fault)) throw error;
        log("warn", "calls_pruned", { reason: messageOf(error) });
      }
    },
    async warm(log) {
      const steps = { keys: keys.warm(), token: tokens.get(config.botTenantId), rows: rules.warm() };
      await Promise.all(
        Object.entries(steps).map(([step, done]) =>
          done.catch((error: unknown) => log("warn", "warming_failed", { step, reason: messageOf(error) })),
        ),
      );
    },
  };
}
