import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bearerToken, challenge } from "../../src/auth/bearer.ts";

describe("bearerToken", () => {
  it.each([
    ["as RFC 6750 writes it", "Bearer abc.DEF-1_2~3+4/5==", "abc.DEF-1_2~3+4/5=="],
    ["with the scheme in another letter case", "bEARER abc", "abc"],
    ["with more spaces than one", "  Bearer   abc  ", "abc"],
  ])("finds the token of a header %s", (_what, header, token) => {
    expect(bearerToken(header)).toBe(token);
  });

  it.each([
    null,
    "",
    "Bearer",
    "Bearer ",
    "abc",
    "Basic YWJjOmRlZg==",
    "Bearerabc",
    "Bearer abc def",
    "Bearer abc, Bearer def",
    "Bearer abc\r\nX-Other: 1",
    'Bearer "abc"',
    "Bearer äbc",
    "Bearer ===",
  ])("finds none in %j", (header) => {
    expect(bearerToken(header)).toBeUndefined();
  });

  it("finds whatever token there is, however long", () => {
    const characters = [..."ABCxyz019-._~+/"];
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...characters), minLength: 1 }), (token) => {
        expect(bearerToken(`Bearer ${token}`)).toBe(token);
      }),
    );
    const long = "a".repeat(100_000);
    expect(bearerToken(`Bearer ${long}`)).toBe(long);
    expect(bearerToken(`Bearer ${long} !`)).toBeUndefined();
  });
});

describe("challenge", () => {
  it("names no error when there was no token, and invalid_token when there was", () => {
    expect(challenge(false)).toBe("Bearer");
    expect(challenge(true)).toBe('Bearer error="invalid_token"');
  });
});
