import type { App } from "./app.ts";
import { SigningKeys } from "./auth/signing-keys.ts";
import { PlatformTokenVerifier } from "./auth/verify-token.ts";
import { ChainWatch } from "./chain-watch.ts";
import type { Auditor } from "./check/auditor.ts";
import type { Config } from "./config.ts";
import { Fault, messageOf } from "./errors.ts";
import { GraphCallControl } from "./graph/call-control.ts";
import { graphCredential, tablesCredential } from "./graph/credentials.ts";
import { GraphTokens } from "./graph/tokens.ts";
import { type DeliveryPorts, handleDelivery } from "./handle-delivery.ts";
import { checkReadiness } from "./readiness.ts";
import { RecentCalls } from "./recent-calls.ts";
import { TableCallLog } from "./store/call-log.ts";
import { openLeanTables } from "./store/lean-pipeline.ts";
import { TableRotation } from "./store/rotation.ts";
import { storedRows } from "./store/row-source.ts";
import { TableRuleSource } from "./store/rule-source.ts";
import { readRow } from "./store/tables.ts";

/** Less than the host's functionTimeout, which would end it in the middle of a batch. */
const PRUNE_MS = 45_000;

/** Puts the app together: settings to adapters to handlers. */
export function createApp(config: Config): App {
  const now = () => performance.now();
  const region = config.defaultRegion === undefined ? {} : { region: config.defaultRegion };
  const tables = openLeanTables(config.tables, () => tablesCredential(config));
  const keys = new SigningKeys(config.cloud.metadataUrls, now);
  const tokens = new GraphTokens(`${config.cloud.graphRoot}/.default`, graphCredential(config));
  const rules = new TableRuleSource({
    rows: storedRows(tables),
    ...region,
    freshMs: config.routesCacheMs,
    deadlineMs: config.deadlineMs,
    onlyNamedLists: true,
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
  let auditor: Promise<Auditor> | undefined;
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
        // Loaded here, so that no call pays for it.
        const { pruneCalls } = await import("./store/call-pruning.ts");
        const counts = await pruneCalls(tables.Calls, config.callsRetentionDays, new Date(), signal);
        log("info", "calls_pruned", { ...counts });
      } catch (error) {
        if (!(error instanceof Fault)) throw error;
        log("warn", "calls_pruned", { reason: messageOf(error) });
      }
    },
    async audit(log) {
      // Loaded here, so that no call pays for it.
      auditor ??= import("./check/auditor.ts").then(
        ({ Auditor }) =>
          new Auditor(tables, {
            ...region,
            botAppId: config.botAppId,
            hasAppFallback: config.fallbackTargets.length > 0,
          }),
      );
      await (await auditor).run(new Date(), log);
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
