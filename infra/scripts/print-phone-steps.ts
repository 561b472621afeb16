import { unreachable } from "../../src/errors.ts";
import { guid, reading } from "../../src/settings.ts";
import { type CloudName, cloudName } from "./lib/graph.ts";
import { type Given, runScript, text } from "./lib/script.ts";

const USAGE = `npm run azure:phone-number -- --app-id ID --account UPN --number NUMBER [OPTIONS]

Prints the PowerShell that a Teams administrator runs so that the bot answers to a phone number: resource account, licence,
number. It changes nothing and signs in nowhere. What it prints may be run again: it skips what is there.

  --app-id ID          the bot's app id (BOT_APP_ID)
  --account UPN        the resource account's sign-in name, such as ringroute@contoso.com
  --number NUMBER      a service number in E.164, such as +14255550100; a user's number is refused
  --number-type TYPE   CallingPlan (default), OperatorConnect or DirectRouting
  --country XX         where the account is used, two letters; default US
  --name NAME          what people see; default Ringroute
  --cloud NAME         global (default), usgov or usgovdod
  --dry-run            makes no difference here

Example:
  npm run --silent azure:phone-number -- --app-id 24701998-1a73-4d42-8085-bf46ed0ae039 \\
    --account ringroute@contoso.com --number +14255550100 > phone-number.ps1
`;

const NUMBER_TYPES = ["CallingPlan", "OperatorConnect", "DirectRouting"] as const;

const e164 = reading("a number such as +14255550100", (given) => (/^\+[1-9]\d{6,14}$/.test(given) ? given : undefined));
const upn = reading("a sign-in name such as ringroute@contoso.com", (given) =>
  /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(given) ? given : undefined,
);
const country = reading("two letters such as US", (given) =>
  /^[a-z]{2}$/i.test(given) ? given.toUpperCase() : undefined,
);
const numberType = reading(NUMBER_TYPES.join(", "), (given) =>
  NUMBER_TYPES.find((type) => type.toLowerCase() === given.toLowerCase()),
);

async function run(given: Given): Promise<void> {
  const { teams, graph } = connections(cloudName(given));
  const account = given.required("account", upn);
  const steps = `#Requires -Modules MicrosoftTeams, Microsoft.Graph.Users, Microsoft.Graph.Users.Actions, Microsoft.Graph.Identity.DirectoryManagement
# Run by a Teams administrator who may also assign licences. Once, on a machine of theirs:
#   Install-Module MicrosoftTeams, Microsoft.Graph -Scope CurrentUser
$ErrorActionPreference = 'Stop'
$account = ${quoted(account)}
$appId = ${quoted(given.required("app-id", guid))}
$number = ${quoted(given.required("number", e164))}

# 1. The resource account: what the number belongs to, and what a line in Ringroute is.
${teams}
try { $instance = Get-CsOnlineApplicationInstance -Identities $account } catch { $instance = $null }
if (-not $instance) {
  $instance = New-CsOnlineApplicationInstance -UserPrincipalName $account -ApplicationId $appId -DisplayName ${quoted(given.optional("name", text) ?? "Ringroute")}
}
Sync-CsOnlineApplicationInstance -ObjectId $instance.ObjectId -ApplicationId $appId

# 2. Its licence, Microsoft Teams Phone Resource Account, which is free but must be in the tenant:
#    Microsoft 365 admin center, Billing, Purchase services. A new account may take minutes to be found here.
${graph}
Update-MgUser -UserId $account -UsageLocation ${quoted(given.optional("country", country) ?? "US")}
$sku = Get-MgSubscribedSku -All | Where-Object SkuPartNumber -eq 'PHONESYSTEM_VIRTUALUSER'
if (-not $sku) { throw 'The tenant has no Microsoft Teams Phone Resource Account licence.' }
$licensed = Get-MgUserLicenseDetail -UserId $account | Where-Object SkuId -eq $sku.SkuId
if (-not $licensed) { Set-MgUserLicense -UserId $account -AddLicenses @(@{ SkuId = $sku.SkuId }) -RemoveLicenses @() }

# 3. Its number, a service number. Right after the licence this fails for some minutes, up to a day in a new tenant: run it again.
#    Should your module not know -PhoneNumber: Get-Help Set-CsPhoneNumberAssignment -Full names its successors.
Set-CsPhoneNumberAssignment -Identity $account -PhoneNumber $number -PhoneNumberType ${given.optional("number-type", numberType) ?? "CallingPlan"}

# The line's id, for Lines and Routes:
$instance.ObjectId
`;
  process.stdout.write(steps);
}

function connections(cloud: CloudName): { readonly teams: string; readonly graph: string } {
  const graph = "Connect-MgGraph -Scopes User.ReadWrite.All, Organization.Read.All";
  switch (cloud) {
    case "global":
      return { teams: "Connect-MicrosoftTeams", graph };
    case "usgov":
      return { teams: "Connect-MicrosoftTeams -TeamsEnvironmentName TeamsGCCH", graph: `${graph} -Environment USGov` };
    case "usgovdod":
      return {
        teams: "Connect-MicrosoftTeams -TeamsEnvironmentName TeamsDOD",
        graph: `${graph} -Environment USGovDoD`,
      };
    default:
      return unreachable(cloud);
  }
}

/** A text of PowerShell in which nothing is replaced. Its curly quotes end a text as well. */
function quoted(content: string): string {
  return `'${content.replace(/['\u2018\u2019\u201a\u201b]/g, "$&$&")}'`;
}

await runScript({
  name: "azure:phone-number",
  usage: USAGE,
  options: ["app-id", "account", "number", "number-type", "country", "name", "cloud"],
  run,
});
