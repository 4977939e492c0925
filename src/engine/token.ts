import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** 256 random bits as 43 characters that an address can hold. */
export function createToken(): string {
  return randomBytes(32).toString('base64url')
}

/** What may be stored of a token: with 256 random bits, nobody finds the token to a SHA-256. */
export function hashToken(token: string): Uint8Array {
  return createHash('sha256').update(token).digest()
}

/** Compares without telling by its duration how much of a token was right. */
export function isTokenOf(token: string, hash: Uint8Array): boolean {
  return timingSafeEqual(hashToken(token), hash)
}
