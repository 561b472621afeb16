import { SigningKeys } from "../../auth/signing-keys.ts";
import type { Config } from "../../config.ts";
import { messageOf } from "../../errors.ts";
import { good, type Verdict, wrong } from "./examination.ts";

/** Whether the keys that sign the platform's posts can be had, from each place that publishes some. */
export async function examineKeys({ cloud }: Pick<Config, "cloud">): Promise<Verdict[]> {
  return await Promise.all(
    cloud.metadataUrls.map(async (url): Promise<Verdict> => {
      const part = "signing keys";
      try {
        await new SigningKeys([url], () => performance.now()).warm();
        return good(part, `published at ${url}`);
      } catch (error) {
        const cause = error instanceof Error && error.cause !== undefined ? `: ${messageOf(error.cause)}` : "";
        return wrong(
          part,
          `${messageOf(error)} from ${url}${cause}`,
          "Let the app reach that address (OPENID_METADATA_URLS); without keys every post is answered 503.",
        );
      }
    }),
  );
}
