import type { Rule, Target } from "../routing/rule.ts";
import { formatTarget } from "../routing/targets.ts";
import type { Directory } from "./directory.ts";
import { atLine, atRule, type Finding } from "./finding.ts";

/**
 * Phones that calls to the bot itself would ring, which Graph refuses with 7505: a redirect to a phone needs a resource
 * account with a number. Rules that every line shares (`all`, `default`) are left alone, since they serve others as well;
 * an override for all counts where the bot has rows of its own, so that somebody means it to be called.
 *
 * @param live by partition: the rules that may decide
 */
export function findBotPhones(live: ReadonlyMap<string, readonly Rule[]>, directory: Directory): readonly Finding[] {
  const { botAppId } = directory.context;
  const bot = botAppId === undefined ? undefined : directory.lines.find(({ id }) => id === botAppId);
  if (bot === undefined) return [];
  const isMeant = directory.rows.has(bot.id) || directory.rulesOf(bot.id).length > 0;
  const reaches = ({ name, scope = name }: Rule) => directory.linesInScope(scope)?.includes(bot) ?? isMeant;
  const group = directory.groupKey(bot);
  const rules = [
    ...(live.get("override") ?? []).filter(reaches),
    ...(live.get(bot.id) ?? []),
    ...(group === undefined ? [] : (live.get(group) ?? [])),
  ];
  return [
    ...rules.flatMap((rule) =>
      rule.action.kind === "reject"
        ? []
        : [
            ...phonesIn(rule.action.targets, { ...atRule(rule), column: "targets" }),
            ...phonesIn(rule.action.fallback, { ...atRule(rule), column: "fallback" }),
          ],
    ),
    ...phonesIn(bot.fallback, { ...atLine(bot.id), column: "fallback" }),
  ];
}

function phonesIn(
  targets: readonly Target[],
  place: Pick<Finding, "table" | "partitionKey" | "rowKey" | "column">,
): readonly Finding[] {
  const phones = targets.filter(({ kind }) => kind === "phone");
  if (phones.length === 0) return [];
  return [
    {
      severity: "warning",
      kind: "phone-from-bot",
      ...place,
      found: phones.map(formatTarget).join(", "),
      says: "A redirect to a phone needs a resource account with a number: from the bot itself Graph refuses it (7505).",
      remedy: "Ring users, bots, call queues or auto attendants here, or let a resource account be called.",
    },
  ];
}
