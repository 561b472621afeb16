import { registerPlain, remoteKeys } from "./handler.ts";

/** Nothing outlives a request, the signing keys neither. */
registerPlain(remoteKeys);
