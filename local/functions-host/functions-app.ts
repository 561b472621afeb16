import type {
  FunctionCallback,
  FunctionMetadata,
  HookCallback,
  HookData,
  HookName,
  LogHookContext,
  LogLine,
  OnLog,
  ProgrammingModel,
  RegisteredFunction,
} from "./core-types.ts";

/** What log hooks are told of the invocation that wrote a line. */
export interface InvocationScope {
  readonly hookData: HookData;
  readonly invocationContext: unknown;
}

/** One loaded app: the functions and hooks that its entry files registered, and where its log lines go. */
export class FunctionsApp {
  readonly functions = new Map<string, RegisteredFunction>();
  readonly appHookData: HookData = {};
  readonly appLevelHookData: HookData = {};
  programmingModel: ProgrammingModel | undefined;
  readonly #hooks = new Map<string, HookCallback[]>(HOOK_NAMES.map((name) => [name, []]));
  readonly #onLog: OnLog;
  #startupDone = false;

  constructor(onLog: OnLog) {
    this.#onLog = onLog;
  }

  /**
   * Takes a function from the library.
   *
   * @returns the function's removal, which like registration is possible during start only
   * @throws when the app has started, or when the name is taken
   */
  registerFunction(metadata: FunctionMetadata, callback: FunctionCallback): () => void {
    this.#refuseAfterStart("registered");
    const id = metadata.functionId ?? metadata.name;
    if (this.functions.has(id)) throw new Error(`A function with id "${id}" has already been registered.`);
    this.functions.set(id, { metadata, callback });
    return () => {
      this.#refuseAfterStart("disposed");
      this.functions.delete(id);
    };
  }

  /** Adds a hook, at any time; the result removes it. An unknown name throws a RangeError. */
  registerHook(name: string, callback: HookCallback): () => void {
    const hooks = this.#hooks.get(name);
    if (hooks === undefined) throw new RangeError(`Unrecognized hook "${name}"`);
    hooks.push(callback);
    return () => {
      const at = hooks.indexOf(callback);
      if (at >= 0) hooks.splice(at, 1);
    };
  }

  /** Runs the hooks of one name, one after the other; the first that throws ends it. */
  async runHooks(name: HookName, context: Parameters<HookCallback>[0]): Promise<void> {
    for (const hook of [...(this.#hooks.get(name) ?? [])]) await hook(context);
  }

  /** From here on nothing more can be registered. */
  endStartup(programmingModel: ProgrammingModel | undefined): void {
    this.#startupDone = true;
    this.programmingModel = programmingModel;
  }

  /** Hands a line to the log hooks, then on. */
  log(line: LogLine, scope?: InvocationScope): void {
    const context: LogHookContext = {
      level: line.level,
      message: line.message,
      category: line.category,
      hookData: scope?.hookData ?? {},
      appHookData: this.appHookData,
      invocationContext: scope?.invocationContext,
    };
    try {
      for (const hook of this.#hooks.get("log") ?? []) hook(context);
    } catch {
      // Reporting this would call the same hook again; the worker drops it too.
    }
    const edited = line.category === "user" ? { ...line, level: context.level, message: context.message } : line;
    if (edited.level !== "none") this.#onLog(edited);
  }

  /** A line of the host's own, outside any invocation. */
  systemLog(level: LogLine["level"], message: string): void {
    this.log({ level, message, category: "system", invocationId: undefined, functionName: undefined });
  }

  #refuseAfterStart(verb: string): void {
    if (this.#startupDone) throw new Error(`A function can only be ${verb} during app startup.`);
  }
}

const HOOK_NAMES: readonly HookName[] = ["appStart", "appTerminate", "preInvocation", "postInvocation", "log"];
