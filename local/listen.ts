import type { Server } from "node:http";

/**
 * Makes a server listen on 127.0.0.1.
 *
 * @param port 0 is any free one
 * @returns the port; rejects with the listen error when it is taken (`code` EADDRINUSE)
 */
export function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      server.off("error", reject);
      const address = server.address();
      if (typeof address !== "object" || address === null) throw new Error("the server listens without an address");
      resolve(address.port);
    });
  });
}
