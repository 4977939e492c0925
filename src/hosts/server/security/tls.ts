import { readFileSync } from 'node:fs'
import { createSecureContext } from 'node:tls'
import { HeatproofError } from '../../../shared/errors.ts'

/** A certificate with what it needs, as PEM. */
export interface Certificate {
  cert: string
  key: string
}

/**
 * Reads the two files of a certificate, given both or none.
 *
 * @throws HeatproofError `bad_argument` (one without the other), `not_found`, `bad_file` (no PEM, or a key of another one)
 */
export function readCertificate(cert: string | undefined, key: string | undefined): Certificate | undefined {
  if (cert === undefined && key === undefined) return undefined
  if (cert === undefined || key === undefined) {
    throw new HeatproofError('bad_argument', {
      found: cert === undefined ? '--tls-key without --tls-cert' : '--tls-cert without --tls-key',
      expected: 'both, or none',
      advice: 'Give the certificate and its key.',
    })
  }
  const certificate = { cert: readText(cert), key: readText(key) }
  try {
    createSecureContext(certificate)
    return certificate
  } catch (cause) {
    throw new HeatproofError('bad_file', {
      found: `${cert} and ${key}, which are no certificate and its key (${cause instanceof Error ? cause.message : ''})`,
      expected: 'a certificate and the private key that belongs to it, both as PEM, without a passphrase',
      advice: 'Make them for the names 127.0.0.1 and localhost, for example with mkcert.',
      cause,
    })
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new HeatproofError('not_found', {
      found: `no readable file ${path}`,
      expected: 'a certificate or a key',
      advice: 'Check the path and its permissions.',
      cause,
    })
  }
}
