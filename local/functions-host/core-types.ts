/**
 * The shapes that pass between a Functions worker and `@azure/functions`, as far as this host uses them.
 *
 * The worker supplies them at run time as the module `@azure/functions-core`, which no registry carries.
 */

export type LogLevel = "trace" | "debug" | "information" | "warning" | "error" | "critical" | "none";
export type LogCategory = "user" | "system" | "customMetric";

/** One line that the app, the library or this host wrote. */
export interface LogLine {
  readonly level: LogLevel;
  readonly message: string;
  /** `user` when the app's own code wrote it, `system` for the library and this host. */
  readonly category: LogCategory;
  /** Set while a function runs, and for lines that it writes after it has ended. */
  readonly invocationId: string | undefined;
  readonly functionName: string | undefined;
}

export type OnLog = (line: LogLine) => void;

export interface Disposable {
  dispose(): unknown;
}

/** A binding as the app declared it: beside the type, whatever its trigger needs (methods, route, schedule). */
export interface BindingInfo {
  readonly type?: string | null;
  readonly direction?: string | null;
  readonly [property: string]: unknown;
}

export interface FunctionMetadata {
  readonly name: string;
  readonly functionId?: string | undefined;
  readonly bindings: Readonly<Record<string, BindingInfo>>;
}

export type FunctionCallback = (...parameters: unknown[]) => unknown;

export interface RegisteredFunction {
  readonly metadata: FunctionMetadata;
  readonly callback: FunctionCallback;
}

export type HookName = "appStart" | "appTerminate" | "preInvocation" | "postInvocation" | "log";
export type HookData = Record<string, unknown>;

export interface HookContext {
  readonly hookData: HookData;
  readonly appHookData: HookData;
}

export interface AppStartContext extends HookContext {
  readonly functionAppDirectory: string;
}

/** Inputs and callback may be replaced by the hook; the function then runs with the replacements. */
export interface PreInvocationContext extends HookContext {
  readonly invocationContext: unknown;
  inputs: unknown[];
  functionCallback: FunctionCallback;
}

/** Result and error may be replaced by the hook; a null error is a success. */
export interface PostInvocationContext extends HookContext {
  readonly invocationContext: unknown;
  inputs: unknown[];
  result: unknown;
  error: unknown;
}

/** Level and message may be replaced by the hook, which counts for `user` lines only. */
export interface LogHookContext extends HookContext {
  level: LogLevel;
  message: string;
  readonly category: LogCategory;
  readonly invocationContext: unknown;
}

export type HookCallback = (
  context: HookContext & Partial<AppStartContext & PreInvocationContext & PostInvocationContext & LogHookContext>,
) => unknown;

export interface NullableString {
  readonly value: string;
}

export interface RpcHttpCookie {
  readonly name?: string | null;
  readonly value?: string | null;
  readonly domain?: { readonly value?: string | null } | null;
  readonly path?: { readonly value?: string | null } | null;
  readonly expires?: { readonly value?: { readonly seconds?: number | null } | null } | null;
  readonly secure?: { readonly value?: boolean | null } | null;
  readonly httpOnly?: { readonly value?: boolean | null } | null;
  readonly sameSite?: string | null;
  readonly maxAge?: { readonly value?: number | null } | null;
}

export interface RpcHttpData {
  readonly url?: string;
  readonly method?: string;
  readonly nullableHeaders?: Readonly<Record<string, NullableString>>;
  readonly nullableQuery?: Readonly<Record<string, NullableString>>;
  readonly nullableParams?: Readonly<Record<string, NullableString>>;
  readonly body?: RpcTypedData | null;
  readonly statusCode?: string | null;
  readonly headers?: Readonly<Record<string, string>> | null;
  readonly cookies?: readonly RpcHttpCookie[] | null;
}

export interface RpcTypedData {
  readonly string?: string | null;
  readonly json?: string | null;
  readonly bytes?: Uint8Array | null;
  readonly http?: RpcHttpData | null;
}

export interface RpcParameterBinding {
  readonly name: string;
  readonly data: RpcTypedData;
}

export interface TraceContext {
  readonly traceParent: string;
  readonly traceState: string;
}

export interface InvocationRequest {
  readonly invocationId: string;
  readonly functionId: string;
  readonly inputData: readonly RpcParameterBinding[];
  readonly traceContext: TraceContext;
}

export interface InvocationResponse {
  readonly returnValue?: RpcTypedData | null;
  readonly outputData?: readonly { readonly name?: string | null; readonly data?: RpcTypedData | null }[] | null;
}

export interface CoreInvocationContext {
  readonly invocationId: string;
  readonly request: InvocationRequest;
  readonly metadata: FunctionMetadata;
  state?: "preInvocationHooks" | "invocation" | "postInvocationHooks" | undefined;
  log(level: LogLevel, category: LogCategory, message: string): void;
}

/** What the library does for one invocation: arguments before the hooks, the call, the answer after the hooks. */
export interface InvocationModel {
  getArguments(): Promise<{ context: unknown; inputs: unknown[] }>;
  invokeFunction(context: unknown, inputs: unknown[], callback: FunctionCallback): Promise<unknown>;
  getResponse(context: unknown, result: unknown): Promise<InvocationResponse>;
}

export interface ProgrammingModel {
  readonly name: string;
  readonly version: string;
  getInvocationModel(context: CoreInvocationContext): InvocationModel | Promise<InvocationModel>;
  getCapabilities?(capabilities: Record<string, string>): Promise<Record<string, string>>;
}
