import { app, type InvocationContext } from "@azure/functions";
import { theApp } from "../src/app.ts";
import { jsonLog } from "../src/log.ts";

app.timer("audit", {
  // Every hour, away from the full hour, when many calls come at once, and from the pruning.
  schedule: "0 47 * * * *",
  handler: async (_timer, context: InvocationContext): Promise<void> => {
    await theApp().audit(jsonLog((level, line) => context[level](line)));
  },
});
