import Module from "node:module";
import type {
  Disposable as CoreDisposable,
  FunctionCallback,
  FunctionMetadata,
  HookCallback,
  LogCategory,
  LogLevel,
  OnLog,
  ProgrammingModel,
} from "./core-types.ts";
import { FunctionsApp } from "./functions-app.ts";

const CORE_MODULE = "@azure/functions-core";

export interface FunctionsCoreOptions {
  /** What the app reads as the worker's version. */
  readonly version?: string;
  /** What the app reads as the host's version. */
  readonly hostVersion?: string;
}

export interface FunctionsCore {
  /**
   * Starts a new app, runs `load`, and collects in that app whatever the library registers meanwhile.
   *
   * Loads of one process wait for each other: a registration does not say which app it belongs to.
   */
  collect(onLog: OnLog, load: (app: FunctionsApp) => Promise<void>): Promise<FunctionsApp>;
}

// On the global object, because a test runner may evaluate this file again while the library keeps the first answer.
const INSTALLED = Symbol.for("local-functions-host.core");

/**
 * Supplies the module `@azure/functions-core` to every `require` of this process, the way the language worker does.
 *
 * It must come before the first `app.http(...)`: `@azure/functions` asks for the module once and remembers that
 * it was missing. A second call returns the first one's result, whatever its options.
 */
export function installFunctionsCore(options: FunctionsCoreOptions = {}): FunctionsCore {
  const earlier: unknown = Reflect.get(globalThis, INSTALLED);
  if (isFunctionsCore(earlier)) return earlier;
  const state: CoreState = { app: undefined, programmingModel: undefined };
  const api = createCoreApi(state, options);
  // ES modules get here as well: `createRequire` and the library's own CommonJS both end in this method.
  Module.prototype.require = new Proxy(Module.prototype.require, {
    apply: (target, self, args) => (args[0] === CORE_MODULE ? api : Reflect.apply(target, self, args)),
  });
  const core: FunctionsCore = { collect: createCollector(state) };
  Reflect.set(globalThis, INSTALLED, core);
  return core;
}

function isFunctionsCore(value: unknown): value is FunctionsCore {
  return typeof value === "object" && value !== null && "collect" in value && typeof value.collect === "function";
}

interface CoreState {
  app: FunctionsApp | undefined;
  /** Outlives the apps, because each copy of the library sets it only once in a process. */
  programmingModel: ProgrammingModel | undefined;
}

function createCoreApi(state: CoreState, options: FunctionsCoreOptions) {
  return {
    version: options.version ?? "3.0.0-local",
    hostVersion: options.hostVersion ?? "4.0.0-local",
    Disposable,
    registerFunction: (metadata: FunctionMetadata, callback: FunctionCallback) =>
      new Disposable(currentApp(state, "A function").registerFunction(metadata, callback)),
    registerHook: (name: string, callback: HookCallback) =>
      new Disposable(currentApp(state, "A hook").registerHook(name, callback)),
    setProgrammingModel: (model: ProgrammingModel) => {
      state.programmingModel = model;
    },
    getProgrammingModel: () => state.programmingModel,
    log: (level: LogLevel, category: LogCategory, message: string) =>
      state.app?.log({ level, message, category, invocationId: undefined, functionName: undefined }),
  };
}

function currentApp(state: CoreState, what: string): FunctionsApp {
  if (state.app === undefined) throw new Error(`${what} can only be registered while a host loads an app.`);
  return state.app;
}

function createCollector(state: CoreState): FunctionsCore["collect"] {
  let previous: Promise<unknown> = Promise.resolve();
  return (onLog, load) => {
    const collected = previous.then(async () => {
      const app = new FunctionsApp(onLog);
      const earlierModel = state.programmingModel;
      state.app = app;
      try {
        await load(app);
        await refuseStreaming(state, earlierModel);
        return app;
      } finally {
        app.endStartup(state.programmingModel);
      }
    });
    previous = collected.catch(() => undefined);
    return collected;
  };
}

/** With streaming on, the library waits for requests on a port of its own, and a request over RPC would hang. */
async function refuseStreaming(state: CoreState, earlierModel: ProgrammingModel | undefined): Promise<void> {
  const capabilities = await state.programmingModel?.getCapabilities?.({});
  if (capabilities?.HttpUri === undefined) return;
  state.programmingModel = earlierModel ?? state.programmingModel;
  throw new Error("The app sets enableHttpStream, which this local host does not support.");
}

class Disposable implements CoreDisposable {
  #onDispose: (() => unknown) | undefined;

  constructor(onDispose: () => unknown) {
    this.#onDispose = onDispose;
  }

  static from(...disposables: readonly CoreDisposable[]): Disposable {
    return new Disposable(() => {
      for (const each of disposables) each.dispose();
    });
  }

  dispose(): unknown {
    const onDispose = this.#onDispose;
    this.#onDispose = undefined;
    return onDispose?.();
  }
}
