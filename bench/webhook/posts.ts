import { Agent, request } from "node:http";
import { deliveryHeaders, incomingNotification } from "../../local/graph-simulator/notifications.ts";
import settingsFile from "../../local.settings.sample.json" with { type: "json" };
import { LINE } from "../stage/dial-plan.ts";
import { monotonicMs } from "../stage/stage.ts";

/** One post, with times of the machine's monotonic clock. */
export interface Post {
  readonly callId: string;
  /** Whether its connection had to be opened for it. */
  readonly opened: boolean;
  readonly sentMs: number;
  readonly answeredMs: number;
  readonly status: number;
}

export interface PostingOptions {
  /** The webhook. */
  readonly url: string;
  readonly connections: number;
  /** Used in turn, as the platform's servers each have their own. */
  readonly tokens: readonly string[];
  /** Called before each post; the connection closes when it says no. */
  readonly isWanted: (posted: number) => boolean;
  /** The line that a post calls and the caller's number, by the post's number. */
  readonly partiesOf?: (number: number) => { readonly line: string; readonly caller: string };
  readonly onPost: (post: Post) => void;
}

const CALLERS = 10_000;
let placed = 0;

/** Posts incoming calls on so many connections that are kept, each its next one once the last was answered. */
export async function postCalls(options: PostingOptions): Promise<void> {
  const { url, connections, tokens, isWanted, partiesOf = callOfTheOffice, onPost } = options;
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  let posted = 0;
  const connection = async () => {
    while (isWanted(posted)) {
      const number = placed++;
      onPost(await postCall(url, agent, tokens[posted++ % tokens.length] ?? "", partiesOf(number)));
    }
  };
  try {
    await Promise.all(Array.from({ length: connections }, connection));
  } finally {
    agent.destroy();
  }
}

function callOfTheOffice(number: number) {
  return { line: LINE, caller: `+1206555${String(number % CALLERS).padStart(4, "0")}` };
}

function postCall(
  url: string,
  agent: Agent,
  token: string,
  { line, caller }: { readonly line: string; readonly caller: string },
): Promise<Post> {
  const call = {
    id: crypto.randomUUID(),
    callChainId: crypto.randomUUID(),
    tenantId: settingsFile.Values.BOT_TENANT_ID,
    caller: { phone: { id: caller } },
    called: { applicationInstance: { id: line } },
    sourceParticipantId: crypto.randomUUID(),
    myParticipantId: crypto.randomUUID(),
    resourceData: {},
  };
  const body = JSON.stringify(incomingNotification(call, url));
  const headers = {
    ...deliveryHeaders(call, { messageId: crypto.randomUUID(), isFirst: true }),
    authorization: `Bearer ${token}`,
    "content-length": Buffer.byteLength(body),
  };
  return new Promise((resolve, reject) => {
    const sentMs = monotonicMs();
    const outgoing = request(url, { method: "POST", agent, headers }, (response) => {
      response.on("error", reject).on("end", () => {
        resolve({
          callId: call.id,
          opened: !outgoing.reusedSocket,
          sentMs,
          answeredMs: monotonicMs(),
          status: response.statusCode ?? 0,
        });
      });
      response.resume();
    });
    outgoing.on("error", reject).end(body);
  });
}
