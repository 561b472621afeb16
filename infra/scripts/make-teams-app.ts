import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { zip } from "../../local/zip.ts";
import type { Reading } from "../../src/errors.ts";
import { guid, httpsUrl, reading } from "../../src/settings.ts";
import { type Pixel, png } from "./lib/png.ts";
import type { Report } from "./lib/report.ts";
import { type Given, runScript, text } from "./lib/script.ts";

const USAGE = `npm run azure:teams-app -- --app-id ID --developer NAME --website URL [OPTIONS]

Writes the Teams app that lets people call the bot by name: a zip with the manifest (supportsCalling) and two icons, to be
uploaded in the Teams admin center. A bot that is reached by phone number only needs none.

  --app-id ID          the bot's app id (BOT_APP_ID)
  --developer NAME     who runs the bot, as people see it; 32 characters at most
  --website URL        https; also taken for privacy and terms of use unless they are given
  --privacy URL        https
  --terms URL          https
  --name NAME          the bot's name in Teams, 30 characters at most; default Ringroute
  --version X.Y.Z      of the manifest; Teams takes an update only with a higher one; default 1.0.0
  --out FILE           default dist/ringroute-teams-app.zip
  --dry-run            print the manifest, and write nothing

Example:
  npm run azure:teams-app -- --app-id 24701998-1a73-4d42-8085-bf46ed0ae039 \\
    --developer Contoso --website https://www.contoso.com
`;

const ACCENT: Pixel = [0x4f, 0x52, 0xb2, 0xff];
const WHITE: Pixel = [0xff, 0xff, 0xff, 0xff];
const CLEAR: Pixel = [0xff, 0xff, 0xff, 0];

const version = reading("three numbers with dots between, such as 1.0.1", (given) =>
  /^\d+\.\d+\.\d+$/.test(given) ? given : undefined,
);

async function run(given: Given, report: Report): Promise<void> {
  const manifest = `${JSON.stringify(teamsManifest(given), null, 2)}\n`;
  const out = given.optional("out", text) ?? "dist/ringroute-teams-app.zip";
  if (given.dryRun) {
    report.would(`write ${out}, with this manifest.json`);
    process.stdout.write(manifest);
    return;
  }
  const archive = await zip(
    new Map<string, Buffer | string>([
      ["manifest.json", manifest],
      ["color.png", png(192, ring(192, ACCENT))],
      ["outline.png", png(32, ring(32, CLEAR))],
    ]),
  );
  await mkdir(dirname(out), { recursive: true });
  await writeFile(out, archive);
  report.done(`wrote ${out}, ${archive.length} bytes`);
  report.byHand("upload it: Teams admin center, Teams apps, Manage apps, Actions, Upload new app");
  report.byHand(
    "allow it to those who may call the bot: the app's page, Users and groups, or an app permission policy",
  );
}

/** By https://developer.microsoft.com/json-schemas/teams/v1.19/MicrosoftTeams.schema.json. */
function teamsManifest(given: Given): object {
  const appId = given.required("app-id", guid);
  const website = given.required("website", httpsUrl);
  const name = given.optional("name", atMost(30)) ?? "Ringroute";
  return {
    $schema: "https://developer.microsoft.com/json-schemas/teams/v1.19/MicrosoftTeams.schema.json",
    manifestVersion: "1.19",
    version: given.optional("version", version) ?? "1.0.0",
    id: appId,
    developer: {
      name: given.required("developer", atMost(32)),
      websiteUrl: website,
      privacyUrl: given.optional("privacy", httpsUrl) ?? website,
      termsOfUseUrl: given.optional("terms", httpsUrl) ?? website,
    },
    name: { short: name },
    description: {
      short: "Call it, and whoever is there for you now rings.",
      full: "Call it, and whoever is there for you now rings. It passes calls on and takes part in none of them.",
    },
    icons: { color: "color.png", outline: "outline.png" },
    accentColor: `#${ACCENT.slice(0, 3)
      .map((channel) => channel.toString(16).padStart(2, "0"))
      .join("")}`,
    bots: [{ botId: appId, scopes: ["personal"], supportsFiles: false, supportsCalling: true, supportsVideo: false }],
    validDomains: [],
  };
}

function atMost(length: number): Reading<string> {
  return reading(`1 to ${length} characters`, (given) => (given !== "" && given.length <= length ? given : undefined));
}

/** A white ring. Teams wants white on nothing for the outline. */
function ring(side: number, background: Pixel): (x: number, y: number) => Pixel {
  return (x, y) => {
    const radius = Math.hypot(x + 0.5 - side / 2, y + 0.5 - side / 2) / side;
    return radius > 0.24 && radius < 0.36 ? WHITE : background;
  };
}

await runScript({
  name: "azure:teams-app",
  usage: USAGE,
  options: ["app-id", "developer", "website", "privacy", "terms", "name", "version", "out"],
  run,
});
