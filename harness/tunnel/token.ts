import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { TunnelError } from './tunnel-error.ts';

/** Shorter can be guessed by trying; longer does not fit a header that a proxy in between lets through. */
const TOKEN_CHARS = { least: 16, most: 512 } as const;

/**
 * A new token of 256 bits, fit for a header and a command line.
 * In hexadecimal: one that began with a dash, as base64url may, would be taken for an option.
 */
export function generateToken(): string {
  return randomBytes(32).toString('hex');
}

/** Throws TUNNEL_OPTION_INVALID, without showing the token. */
export function checkToken(token: string): string {
  const { least, most } = TOKEN_CHARS;
  if (token.length >= least && token.length <= most && /^[\x21-\x7e]*$/.test(token)) return token;
  throw new TunnelError(
    'TUNNEL_OPTION_INVALID',
    `Wrong token: expected ${least} to ${most} printable ASCII characters without spaces, got ${token.length} characters`,
  );
}

/** Compares in a time that tells nothing about where the two differ, nor how long the expected one is. */
export function sameSecret(got: string | Uint8Array, expected: string | Uint8Array): boolean {
  return timingSafeEqual(digest(got), digest(expected));
}

/** Whether an Authorization header bears the token. */
export function bearsToken(authorization: string | undefined, token: string): boolean {
  const match = /^bearer +([\x21-\x7e]+)$/i.exec(authorization ?? '');
  return sameSecret(match?.[1] ?? '', token);
}

function digest(secret: string | Uint8Array): Buffer {
  return createHash('sha256').update(secret).digest();
}
