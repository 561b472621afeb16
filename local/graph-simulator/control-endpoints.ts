import type { IncomingMessage, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import {
  parseCallRequest,
  parseFaultPlan,
  parseRotateOptions,
  parseTargetSettings,
  parseTokenOverrides,
} from "./control-input.ts";
import { FieldError, parseJson } from "./fields.ts";
import { decodeSegment, sendJson, sendText } from "./http.ts";
import { DuplicateCallError, type Platform } from "./platform.ts";
import type { TokenIssuer } from "./tokens.ts";

/**
 * The simulator's own API below `/simulator`: calls, tokens, keys, faults and targets. Bad input is answered 400 with
 * a sentence that names the field.
 */
export async function handleControlRequest(
  platform: Platform,
  tokens: TokenIssuer,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = request.url ?? "";
  try {
    const found = await answer({ platform, tokens, method: request.method, path, body: await text(request) }, response);
    if (!found) sendJson(response, 404, { error: `There is no ${request.method} ${path}.` });
  } catch (error) {
    if (error instanceof FieldError) sendJson(response, 400, { error: error.message });
    else if (error instanceof DuplicateCallError) sendJson(response, 409, { error: error.message });
    else throw error;
  }
}

interface ControlRequest {
  readonly platform: Platform;
  readonly tokens: TokenIssuer;
  readonly method: string | undefined;
  readonly path: string;
  readonly body: string;
}

/** Whether there was such an endpoint. */
async function answer(
  { platform, tokens, method, path, body }: ControlRequest,
  response: ServerResponse,
): Promise<boolean> {
  const [, collection, id = ""] = /^(\/simulator\/(?:calls|targets))\/([^/]+)$/.exec(path) ?? [];
  const route = `${method} ${collection === undefined ? path : `${collection}/{id}`}`;
  // A body may be left out where nothing in it is required.
  const json = () => parseJson(body === "" ? "{}" : body, "body");
  switch (route) {
    case "POST /simulator/calls":
      sendJson(response, 201, await platform.place(parseCallRequest(json())));
      return true;
    case "GET /simulator/calls":
      sendJson(response, 200, platform.calls);
      return true;
    case "GET /simulator/calls/{id}": {
      const call = platform.call(decodeSegment(id));
      if (call === undefined) sendJson(response, 404, { error: "There is no such call." });
      else sendJson(response, 200, call);
      return true;
    }
    case "PUT /simulator/targets/{id}":
      platform.setTarget(decodeSegment(id), parseTargetSettings(json()));
      response.writeHead(204).end();
      return true;
    case "GET /simulator/token":
      sendText(response, 200, await tokens.issue());
      return true;
    case "POST /simulator/token":
      sendText(response, 200, await tokens.issue(parseTokenOverrides(json())));
      return true;
    case "POST /simulator/keys/rotate":
      sendJson(response, 200, { kid: await tokens.rotate(parseRotateOptions(json())) });
      return true;
    case "GET /simulator/faults":
      sendJson(response, 200, platform.faults);
      return true;
    case "PUT /simulator/faults":
      platform.setFaults(parseFaultPlan(json()));
      sendJson(response, 200, platform.faults);
      return true;
    case "DELETE /simulator/faults":
      platform.setFaults({ faults: [] });
      response.writeHead(204).end();
      return true;
    default:
      return false;
  }
}
