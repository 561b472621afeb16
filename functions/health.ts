import { app, type HttpResponseInit } from "@azure/functions";
import packageJson from "../package.json" with { type: "json" };

app.http("health", {
  methods: ["GET"],
  authLevel: "anonymous",
  route: "health",
  handler: (): HttpResponseInit => ({ status: 200, jsonBody: { status: "up", version: packageJson.version } }),
});
