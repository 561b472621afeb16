import { createServer } from "node:http";

/*
 * Loaded into the app by `node --expose-gc --import`: answers on 127.0.0.1 with the bytes that the heap holds once its
 * garbage is gone. SOAK_HEAP_PORT names the port.
 */

const server = createServer((_request, response) => {
  // The second pass takes what the first one's finalisers let go.
  globalThis.gc?.();
  globalThis.gc?.();
  response.end(JSON.stringify({ heapUsed: process.memoryUsage().heapUsed }));
});
server.listen(Number(process.env.SOAK_HEAP_PORT), "127.0.0.1").unref();
