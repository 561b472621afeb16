import { app, type InvocationContext } from "@azure/functions";
import { theApp } from "../src/app.ts";
import { jsonLog } from "../src/log.ts";

app.timer("prune-calls", {
  // Every hour, away from the full hour, when many calls come at once.
  schedule: "0 17 * * * *",
  handler: async (_timer, context: InvocationContext): Promise<void> => {
    await theApp().pruneCalls(jsonLog((level, line) => context[level](line)));
  },
});
