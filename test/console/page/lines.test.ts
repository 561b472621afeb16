import { describe, expect, it } from "vitest";
import type { LineView } from "../../../src/console/api/looking.ts";
import { besideLabel } from "../../../src/console/page/shared/lines.ts";

const ID = "3d9f1c52-7c1e-4f0b-9a53-5c0f6b0a7e11";
const now = { id: "r", kind: "redirect", who: "Front desk", by: "default/front-desk" } as const;
const line = (given: Partial<LineView> & Pick<LineView, "label">): LineView => ({
  id: ID,
  timeZone: "Etc/UTC",
  now,
  problems: 0,
  ...given,
});

describe("besideLabel", () => {
  it.each([
    [
      "the number of a line that has a name of its own",
      { label: "Support", name: "Support", number: "+14255550199" },
      "+1 425 555 0199",
    ],
    ["the id of a line that has no number", { label: "Support", name: "Support" }, ID],
    [
      "the name of a line that shares it with another",
      { label: "+1 425 555 0199", name: "Support", number: "+14255550199" },
      "Support",
    ],
    ["the name, too, where there is nothing but an id to tell them apart", { label: ID, name: "Support" }, "Support"],
    ["the id of a line that has only a number", { label: "+1 425 555 0199", number: "+14255550199" }, ID],
    ["nothing beside an id that is all there is", { label: ID }, undefined],
    ["nothing beside a number that is the id", { id: "+14255550199", label: "+1 425 555 0199" }, undefined],
  ])("is %s", (_, given, expected) => {
    expect(besideLabel(line(given))).toBe(expected);
  });
});
