/** The token of an `Authorization: Bearer` header, or undefined when there is none that could be one. */
export function bearerToken(header: string | null): string | undefined {
  return /^\s*bearer +([\w\-.~+/]+=*)\s*$/i.exec(header ?? "")?.[1];
}

/** The WWW-Authenticate header of a 401, as RFC 6750 section 3 wants it: no error when there was no token at all. */
export function challenge(tokenGiven: boolean): string {
  return tokenGiven ? 'Bearer error="invalid_token"' : "Bearer";
}
