import { app } from "@azure/functions";

/** The least that a function can do: what is left of a post to it is the host's. */
app.http("calls", {
  methods: ["POST"],
  authLevel: "anonymous",
  route: "calls/{record?}",
  handler: () => ({ status: 202 }),
});
