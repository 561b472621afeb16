import { answerCall, answerCalls } from "./calls.ts";
import { answerReview, answerUndo, answerWrite } from "./changes.ts";
import { answerCoverage } from "./coverage.ts";
import type { Desk } from "./desk.ts";
import { answerExplain } from "./explain-call.ts";
import { answerImport } from "./import-file.ts";
import { answerLine, answerLines } from "./lines.ts";
import { answerNext } from "./next.ts";
import { answerOverrideOff, answerOverrideOn } from "./overrides.ts";
import { answerProblems } from "./problems.ts";
import { Refused } from "./refused.ts";
import { type ApiRequest, canBeKey } from "./request.ts";
import { answerRing, answerRingProgress } from "./ring.ts";
import { answerRow, answerRows } from "./rows.ts";
import { answerState } from "./state.ts";
import { answerWeek } from "./week.ts";

export type Method = "GET" | "POST";
type Endpoint = (desk: Desk, request: ApiRequest) => Promise<unknown>;

/** Every endpoint by its path below `/api/`; a `:id` stands for one part of it. The answers are those of `api/`. */
const ENDPOINTS: Readonly<Record<string, Partial<Record<Method, Endpoint>>>> = {
  state: { GET: answerState },
  lines: { GET: answerLines },
  line: { GET: answerLine },
  next: { GET: answerNext },
  week: { GET: answerWeek },
  coverage: { GET: answerCoverage },
  explain: { POST: answerExplain },
  ring: { POST: answerRing },
  "ring/:id": { GET: answerRingProgress },
  calls: { GET: answerCalls },
  "calls/:id": { GET: answerCall },
  rows: { GET: answerRows },
  row: { GET: answerRow },
  problems: { GET: answerProblems },
  review: { POST: answerReview },
  "override/review": { POST: answerOverrideOn },
  "override/off/review": { POST: answerOverrideOff },
  write: { POST: answerWrite },
  undo: { POST: answerUndo },
  import: { POST: answerImport },
  "import/apply": { POST: answerWrite },
};

/**
 * Finds what answers a path.
 *
 * @throws Refused 404 for a path that there is not, 405 for a method that it does not take
 */
export function findEndpoint(path: string, method: string): { readonly answer: Endpoint; readonly id: string } {
  const exact = Object.hasOwn(ENDPOINTS, path) ? ENDPOINTS[path] : undefined;
  const [, collection = "", id = ""] = /^(\w+)\/([^/]+)$/.exec(path) ?? [];
  const found = exact ?? (Object.hasOwn(ENDPOINTS, `${collection}/:id`) ? ENDPOINTS[`${collection}/:id`] : undefined);
  if (found === undefined) throw new Refused(404, `There is no /api/${path}.`);
  const answer = method === "GET" || method === "POST" ? found[method] : undefined;
  if (answer === undefined)
    throw new Refused(405, `/api/${path} takes ${Object.keys(found).join(" and ")}, not ${method}.`);
  return { answer, id: exact === undefined ? idFrom(id) : "" };
}

/** @throws Refused 404 when no row can have that key */
function idFrom(part: string): string {
  try {
    const id = decodeURIComponent(part);
    if (!canBeKey(id)) throw new Refused(404, `"${id}" is no call.`);
    return id;
  } catch (error) {
    if (error instanceof URIError) throw new Refused(404, `"${part}" is no part of an address.`);
    throw error;
  }
}
