export type Scheme = 'http' | 'https'

/**
 * Whether a request comes from a page of this server: browsers send an Origin with every POST, WebSocket and cross-origin
 * request, and it must be the very host that is asked, by the scheme that the server speaks. Absent: not a page of another site.
 */
export function isOwnOrigin(origin: string | undefined, host: string, scheme: Scheme = 'http'): boolean {
  return origin === undefined || origin.toLowerCase() === `${scheme}://${host.toLowerCase()}`
}
