import type { Scheme } from './origin.ts'

/** Cookies are shared by all ports of a host, so the name holds the port. */
export function cookieName(port: number): string {
  return `heatproof_${port}`
}

/** Unreadable for scripts, never sent along by another site, and by a server that speaks https never sent without it. */
export function tokenCookie(token: string, port: number, scheme: Scheme = 'http'): string {
  const secure = scheme === 'https' ? '; Secure' : ''
  return `${cookieName(port)}=${token}; Path=/; HttpOnly; SameSite=Strict${secure}`
}

/** The token that a request brings: `Authorization: Bearer TOKEN`, else the cookie. */
export function readToken(
  headers: { authorization?: string | undefined; cookie?: string | undefined },
  port: number,
): string | undefined {
  const bearer = /^Bearer ([\w-]+)$/i.exec(headers.authorization ?? '')?.[1]
  if (bearer !== undefined) return bearer
  const prefix = `${cookieName(port)}=`
  const cookies = (headers.cookie ?? '').split(';').map((cookie) => cookie.trim())
  return cookies.find((cookie) => cookie.startsWith(prefix))?.slice(prefix.length)
}
