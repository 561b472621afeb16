import { registerPlain, remoteKeys } from "./handler.ts";

/** The one thing kept is what jose keeps by itself where its key set outlives a request. */
const keys = remoteKeys();
registerPlain(() => keys);
