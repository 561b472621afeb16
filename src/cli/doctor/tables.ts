import type { TableClient } from "@azure/data-tables";
import { Fault } from "../../errors.ts";
import { isMissingTable, isStatus, orFault, TABLE_NAMES, type Tables } from "../../store/tables.ts";
import { good, patience, reasonOf, type Verdict, wrong } from "./examination.ts";

/** Whether this sign-in reaches each table, and may write it. */
export async function examineTables(tables: Tables, where: string, interrupted: AbortSignal): Promise<Verdict[]> {
  const verdicts = await Promise.all(
    TABLE_NAMES.map((name) => examineTable(tables[name], `table ${name}`, patience(interrupted))),
  );
  const faults = verdicts.filter(({ state }) => state !== "good");
  if (faults.length === 0) return [good("tables", `all five can be read and written: ${where}`)];
  const [first, ...others] = verdicts.map(withoutName);
  const alike =
    first !== undefined && others.every(({ says, remedy }) => says === first.says && remedy === first.remedy);
  return alike ? [{ ...first, part: "tables", says: `${where}, all five alike: ${first.says}` }] : faults;
}

/** A verdict without the name, which is all that tells tables apart that are at fault for one reason. */
function withoutName({ part, says, ...verdict }: Verdict): Verdict {
  return { ...verdict, part, says: says.replaceAll(part, "table") };
}

async function examineTable(table: TableClient, part: string, signal: AbortSignal): Promise<Verdict> {
  try {
    await orFault(table, async () => {
      await table.listEntities({ abortSignal: signal }).byPage({ maxPageSize: 1 }).next();
    });
    return (await orFault(table, () => mayWrite(table, signal)))
      ? good(part, "can be read and written")
      : wrong(
          part,
          "can be read and not written",
          "Give this sign-in the role Storage Table Data Contributor on the storage account; Reader is enough to look only.",
        );
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return wrong(part, reasonOf(error), remedyOf(error));
  }
}

/** Removes a row that is not there: whoever may not write is told so before the row is looked for. */
async function mayWrite(table: TableClient, abortSignal: AbortSignal): Promise<boolean> {
  try {
    await table.deleteEntity("ringroute-doctor", crypto.randomUUID(), { abortSignal });
    return true;
  } catch (error) {
    if (isStatus(error, 404) && !isMissingTable(error)) return true;
    if (isStatus(error, 403)) return false;
    throw error;
  }
}

function remedyOf({ code, message }: Fault): string {
  if (message.includes("there is no table")) return "Deploy the templates in infra/, which declare the five tables.";
  if (message.startsWith("no token for the tables")) return "Sign in, for instance with az login.";
  if (code === "tables-refused")
    return "Give this sign-in the role Storage Table Data Contributor on the storage account; a role may take minutes to count.";
  return "Check the address, and whether a firewall of the storage account lets this machine in.";
}
