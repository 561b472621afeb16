import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { redirectBody } from "../../src/graph/redirect-body.ts";
import type { RedirectRequest } from "../../src/ports.ts";
import type { Target } from "../../src/routing/rule.ts";

const callbackUri = "https://bot.contoso.com/api/calls/24701998-1a73-4d42-8085-bf46ed0ae039";

function aTarget(kind: Target["kind"], id: string, displayName?: string): Target {
  return { kind, id, weight: 1, ...(displayName === undefined ? {} : { displayName }) };
}

function aRequest(request: Partial<RedirectRequest> & Pick<RedirectRequest, "targets">) {
  return { policies: [], callbackUri, ...request };
}

const EXAMPLES = [
  [
    "a call to a target",
    aRequest({ targets: [aTarget("application", "22bfd41f-550e-477d-8789-f6f7bd2a5e8b", "test bot 2")] }),
  ],
  [
    "a call to multiple targets",
    aRequest({
      targets: [
        aTarget("user", "98da8a1a-1b87-452c-a713-65d3f10b1253", "test user"),
        aTarget("user", "bf5aae9a-d11d-47a8-93b1-782504c9c3f3", "test user 2"),
      ],
      policies: ["disableForwarding"],
    }),
  ],
  ["a call to a PSTN number", aRequest({ targets: [aTarget("phone", "+12345678901")] })],
] as const;

/** The body as it goes over the wire. */
function sent(request: Parameters<typeof redirectBody>[0]): unknown {
  return JSON.parse(JSON.stringify(redirectBody(request)));
}

describe("redirectBody", () => {
  it.each(EXAMPLES.map(([title, request], index) => ({ title, request, number: index + 1 })))(
    "forwards $title as example $number of Graph's page does",
    ({ request, number }) => {
      const fixture = new URL(`../fixtures/graph/redirect-example-${number}.json`, import.meta.url);
      expect(sent(request)).toEqual(JSON.parse(readFileSync(fixture, "utf8")));
    },
  );

  it("names a call queue's account by its object id", () => {
    expect(
      sent(aRequest({ targets: [aTarget("applicationInstance", "7629bdce-046c-4903-86b4-a8f718277e1a")] })),
    ).toEqual({
      targets: [
        {
          "@odata.type": "#microsoft.graph.invitationParticipantInfo",
          identity: {
            "@odata.type": "#microsoft.graph.identitySet",
            applicationInstance: {
              "@odata.type": "#microsoft.graph.identity",
              id: "7629bdce-046c-4903-86b4-a8f718277e1a",
            },
          },
        },
      ],
      callbackUri,
    });
  });

  it("sends the seconds that targets may ring as timeout", () => {
    expect(sent(aRequest({ targets: [aTarget("phone", "+12345678901")], timeoutSeconds: 15 }))).toMatchObject({
      timeout: 15,
    });
  });

  it("sends nothing that is not set, and our own weights never", () => {
    const target = fc.record({
      kind: fc.constantFrom("user" as const, "phone" as const, "application" as const, "applicationInstance" as const),
      id: fc.string({ minLength: 1 }),
      weight: fc.nat(9),
    });
    fc.assert(
      fc.property(target, fc.array(target, { maxLength: 24 }), (first, others) => {
        const targets = [first, ...others] as const;
        const body = redirectBody(aRequest({ targets }));
        expect(Object.keys(body).sort()).toEqual(["callbackUri", "targets"]);
        expect(body.targets).toHaveLength(targets.length);
        expect(JSON.stringify(body)).not.toMatch(/"(weight|displayName|timeout|routingPolicies)"|null/);
      }),
    );
  });

  it("keeps the order of targets and policies", () => {
    const body = redirectBody(
      aRequest({
        targets: [aTarget("phone", "+12345678902"), aTarget("phone", "+12345678901")],
        policies: ["noMissedCall", "disableForwarding"],
      }),
    );
    expect(body.targets.map(({ identity }) => identity)).toMatchObject([
      { phone: { id: "+12345678902" } },
      { phone: { id: "+12345678901" } },
    ]);
    expect(body.routingPolicies).toEqual(["noMissedCall", "disableForwarding"]);
  });
});
