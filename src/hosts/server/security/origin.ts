/**
 * Whether a request comes from a page of this server: browsers send an Origin with every POST, WebSocket and cross-origin
 * request, and it must be the very host that is asked. Absent: not a page of another site.
 */
export function isOwnOrigin(origin: string | undefined, host: string): boolean {
  return origin === undefined || origin.toLowerCase() === `http://${host.toLowerCase()}`
}
