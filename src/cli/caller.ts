import { isWrong, type Wrong } from "../errors.ts";
import { ANONYMOUS, isWithheld, normaliseGuid, type Party } from "../routing/party.ts";
import { normaliseNumber, type Region } from "../routing/phone-number.ts";
import { parseTargets } from "../routing/targets.ts";

/**
 * A caller as a person types it: a number, an extension, a user's object id, `user:ID`, `app:ID`, `resource:ID`, each
 * account optionally with its tenant (`user:ID@TENANT`), or `anonymous`.
 */
export function parseCaller(text: string, region: Region | undefined): Party | Wrong {
  const typed = text.trim();
  if (typed !== "" && isWithheld(typed)) return ANONYMOUS;
  const [account = "", tenant] = typed.split("@");
  const tenantId = tenant === undefined ? undefined : normaliseGuid(tenant);
  if (tenant !== undefined && tenantId === undefined) return { wrong: `write the tenant behind @ as an id` };
  const ofTenant = tenantId === undefined ? {} : { tenantId };
  const id = normaliseGuid(account);
  if (id !== undefined) return { kind: "user", id, ...ofTenant };
  const number = normaliseNumber(typed, region) ?? (/^\d{2,6}$/.test(typed) ? typed : undefined);
  if (number !== undefined) return { kind: "phone", id: number };
  const targets = parseTargets(account, region);
  const [only, another] = isWrong(targets) ? [] : targets;
  if (only !== undefined && another === undefined) return { kind: only.kind, id: only.id, ...ofTenant };
  return { wrong: "write a number (+14255550100), a user's object id, user:ID, app:ID, resource:ID or anonymous" };
}

/** A caller as `parseCaller` reads it. */
export function formatCaller({ kind, id, tenantId }: Party): string {
  const tenant = tenantId === undefined ? "" : `@${tenantId}`;
  switch (kind) {
    case "anonymous":
      return "anonymous";
    case "phone":
      return id;
    case "application":
      return `app:${id}${tenant}`;
    case "applicationInstance":
      return `resource:${id}${tenant}`;
    default:
      return `user:${id}${tenant}`;
  }
}
