const LOOPBACK_NAMES = ['127.0.0.1', 'localhost', '[::1]']

/**
 * Whether the Host header names this server by a loopback name and its port. A page whose domain was pointed at
 * 127.0.0.1 after it was loaded (DNS rebinding) sends its own name and is told apart by this.
 */
export function isOwnHost(header: string | undefined, port: number): boolean {
  return LOOPBACK_NAMES.some((name) => header?.toLowerCase() === `${name}:${port}`)
}
