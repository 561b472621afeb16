import { app, type HttpResponseInit } from "@azure/functions";
import { theApp } from "../src/app.ts";

app.http("ready", {
  methods: ["GET"],
  // It asks the tables, the key server and Entra: not for everybody to set off.
  authLevel: "function",
  route: "health/ready",
  handler: async (): Promise<HttpResponseInit> => {
    const readiness = await theApp().readiness();
    return { status: readiness.ready ? 200 : 503, jsonBody: readiness };
  },
});
