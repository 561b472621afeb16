import { randomUUID } from "node:crypto";
import type {
  CoreInvocationContext,
  HookData,
  InvocationResponse,
  PostInvocationContext,
  PreInvocationContext,
  RegisteredFunction,
  RpcTypedData,
  TraceContext,
} from "./core-types.ts";
import type { FunctionsApp, InvocationScope } from "./functions-app.ts";

/**
 * Runs one function as the worker does: arguments, preInvocation hooks, the function, postInvocation hooks, answer.
 *
 * @param input what the trigger delivers, in the form it has between host and worker
 * @param traceparent the caller's W3C header, if it sent one
 * @throws what the function or a hook threw, after one error line in the log
 */
export async function invoke(
  app: FunctionsApp,
  target: RegisteredFunction,
  input: RpcTypedData,
  traceparent?: string,
): Promise<InvocationResponse> {
  const invocationId = randomUUID();
  const startedAt = performance.now();
  const scope = { hookData: {}, invocationContext: undefined };
  const coreContext = createCoreContext(app, target, input, invocationId, scope, traceContext(traceparent));
  try {
    return await runWithHooks(app, target, coreContext, scope);
  } catch (error) {
    const elapsedMs = Math.round(performance.now() - startedAt);
    const cause = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const message = `Executed 'Functions.${target.metadata.name}' (Failed, Id=${invocationId}, Duration=${elapsedMs}ms): ${cause}`;
    coreContext.log("error", "system", message);
    throw error;
  }
}

/** The scope that log hooks see; the invocation context is known only once the library has made it. */
interface OpenScope extends InvocationScope {
  invocationContext: unknown;
}

async function runWithHooks(
  app: FunctionsApp,
  target: RegisteredFunction,
  coreContext: CoreInvocationContext,
  scope: OpenScope,
): Promise<InvocationResponse> {
  if (app.programmingModel === undefined) throw new Error("The app has set no programming model.");
  const model = await app.programmingModel.getInvocationModel(coreContext);
  const { context, inputs } = await model.getArguments();
  scope.invocationContext = context;
  const shared = { hookData: scope.hookData, appHookData: app.appHookData, invocationContext: context };

  const before: PreInvocationContext = { ...shared, inputs, functionCallback: target.callback };
  await inState(coreContext, "preInvocationHooks", () => app.runHooks("preInvocation", before));

  const after: PostInvocationContext = { ...shared, inputs: before.inputs, result: null, error: null };
  try {
    after.result = await inState(coreContext, "invocation", () =>
      model.invokeFunction(context, before.inputs, before.functionCallback),
    );
  } catch (error) {
    // Even `throw undefined` is a failure, and null is how a hook says that there is none.
    after.error = error ?? new Error("The function threw nothing that can be named.");
  }
  await inState(coreContext, "postInvocationHooks", () => app.runHooks("postInvocation", after));

  if (after.error !== null && after.error !== undefined) throw after.error;
  return model.getResponse(context, after.result);
}

async function inState<T>(
  context: CoreInvocationContext,
  state: NonNullable<CoreInvocationContext["state"]>,
  work: () => Promise<T>,
): Promise<T> {
  context.state = state;
  try {
    return await work();
  } finally {
    context.state = undefined;
  }
}

function createCoreContext(
  app: FunctionsApp,
  target: RegisteredFunction,
  input: RpcTypedData,
  invocationId: string,
  scope: { readonly hookData: HookData; readonly invocationContext: unknown },
  trace: TraceContext,
): CoreInvocationContext {
  const { metadata } = target;
  return {
    invocationId,
    metadata,
    request: {
      invocationId,
      functionId: metadata.functionId ?? metadata.name,
      inputData: [{ name: triggerOf(target).name, data: input }],
      traceContext: trace,
    },
    log: (level, category, message) =>
      app.log({ level, message, category, invocationId, functionName: metadata.name }, scope),
  };
}

/** The binding that starts a function; every registered function has one. */
export function triggerOf(target: RegisteredFunction): {
  readonly name: string;
  readonly type: string;
  readonly [property: string]: unknown;
} {
  for (const [name, binding] of Object.entries(target.metadata.bindings)) {
    if (typeof binding.type === "string" && /trigger$/i.test(binding.type))
      return { ...binding, name, type: binding.type };
  }
  throw new Error(`The function "${target.metadata.name}" has no trigger.`);
}

function traceContext(traceparent: string | undefined): TraceContext {
  const [, traceId, flags] = /^00-([0-9a-f]{32})-[0-9a-f]{16}-([0-9a-f]{2})$/.exec(traceparent ?? "") ?? [];
  const id = traceId ?? randomHex();
  return { traceParent: `00-${id}-${randomHex().slice(16)}-${flags ?? "00"}`, traceState: "" };
}

/** 32 digits. Node has random UUIDs in stock, while each `randomBytes` asks OpenSSL anew, which takes 0.02 ms. */
function randomHex(): string {
  return randomUUID().replaceAll("-", "");
}
