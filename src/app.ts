import { type Config, loadConfig } from "./config.ts";
import type { DeliveryAnswer, DeliveryRequest } from "./handle-delivery.ts";
import type { Log } from "./log.ts";
import type { Readiness } from "./readiness.ts";

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
  /** Removes lapsed overrides and logs what is wrong with the rows, each mistake once in this process. */
  audit(log: Log): Promise<void>;
}

let running: App | undefined;

/**
 * The process's app, made of the environment's settings on first use.
 *
 * @throws ConfigError
 */
export function theApp(): App {
  running ??= lazyApp(loadConfig(process.env));
  return running;
}

/**
 * An app whose libraries load when it is first asked for something, which `warm` is as soon as the process has started. The
 * host hears of the functions before that, and may send the first call while they load.
 */
function lazyApp(config: Config): App {
  let made: Promise<App> | undefined;
  const app = () => {
    made ??= import("./create-app.ts").then(({ createApp }) => createApp(config));
    return made;
  };
  return {
    handleDelivery: async (request, log) => await (await app()).handleDelivery(request, log),
    warm: async (log) => await (await app()).warm(log),
    readiness: async () => await (await app()).readiness(),
    pruneCalls: async (log) => await (await app()).pruneCalls(log),
    audit: async (log) => await (await app()).audit(log),
  };
}
