import { buildConsole } from "../../local/build.ts";

/** Builds the console's page once before all tests, so that they look at the sources as they are. */
export default buildConsole;
