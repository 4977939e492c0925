import { HeatproofError } from '../../../shared/errors.ts'

const LOOPBACK = ['127.0.0.1', '::1']

/** Refuses to listen anywhere but on this machine itself. @throws HeatproofError `forbidden` */
export function requireLoopback(host: string): void {
  if (LOOPBACK.includes(host)) return
  throw new HeatproofError('forbidden', {
    found: `the address '${host}' to listen on`,
    expected: LOOPBACK.join(' or '),
    advice: 'To use another machine, forward the port: ssh -L PORT:127.0.0.1:PORT MACHINE.',
  })
}
