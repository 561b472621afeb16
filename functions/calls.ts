import { app, type HttpRequest, type HttpResponseInit, type InvocationContext } from "@azure/functions";
import { theApp } from "../src/app.ts";
import { jsonLog } from "../src/log.ts";
import { keepHeapSmall } from "../src/small-heap.ts";

// Settings are checked when the app loads, so that a wrong one stops it instead of its first call.
const ringroute = theApp();

app.hook.appStart(() => {
  keepHeapSmall();
  // Not awaited: a call that comes meanwhile shares what is under way, and waits for nothing else.
  // biome-ignore lint/suspicious/noConsole: outside an invocation the console is the host's log
  void ringroute.warm(jsonLog((level, line) => console[level](line)));
});

app.http("calls", {
  methods: ["POST"],
  // The bearer token guards it: the platform knows no function keys.
  authLevel: "anonymous",
  route: "calls/{record?}",
  handler: async (request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> => {
    const contentLength = request.headers.get("content-length");
    const { status, headers, text } = await ringroute.handleDelivery(
      {
        authorization: request.headers.get("authorization"),
        contentLength: contentLength === null ? undefined : Number(contentLength),
        readBody: async () => new Uint8Array(await request.arrayBuffer()),
        record: request.params.record,
      },
      jsonLog((level, line) => context[level](line)),
    );
    return { status, ...(headers && { headers }), ...(text !== undefined && { jsonBody: { error: text } }) };
  },
});
