import { readFileSync } from 'node:fs'
import { request } from 'node:https'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { connect } from 'node:tls'
import { readCertificate } from '../../../src/hosts/server/security/tls.ts'
import { withServer } from './with-server.ts'
import { heatproof } from './running.ts'

const FOLDER = join(import.meta.dirname, '../../fixtures/tls')
const file = (name: string) => join(FOLDER, `${name}.pem`)
const ca = readFileSync(file('cert'), 'utf8')

interface Answer {
  status: number
  cookie: string
  body: string
}

/** Asks a server whose certificate is checked. */
function ask(url: string, headers: Record<string, string> = {}, method = 'GET', body = ''): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { ca, method, headers }, (response) => {
      let text = ''
      response.on('data', (piece: Buffer) => (text += piece.toString()))
      response.on('end', () => {
        const cookie = response.headers['set-cookie']?.[0] ?? ''
        resolve({ status: response.statusCode ?? 0, cookie, body: text })
      })
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

describe('a server with a certificate', () => {
  const certificate = readCertificate(file('cert'), file('key'))

  test('speaks https alone, and its cookie never leaves without it', async () => {
    const { address, origin, port } = await withServer({ certificate })
    expect(origin).toBe(`https://127.0.0.1:${port}`)
    const opened = await ask(address)
    expect(opened.status).toBe(200)
    expect(opened.cookie).toContain('; Secure')
    const cookie = opened.cookie.split(';')[0] ?? ''
    expect((await ask(`${origin}/maps/1.f32`, { cookie })).status).toBe(200)
    await expect(fetch(`http://127.0.0.1:${port}/health`)).rejects.toThrow()
  })

  test('takes calls from its own pages, and from none of the same host over http', async () => {
    const { origin, port, token } = await withServer({ certificate })
    const call = (from: string) =>
      ask(
        `${origin}/rpc/jobs.list`,
        { authorization: `Bearer ${token}`, origin: from, 'content-type': 'application/json' },
        'POST',
        '{}',
      )
    expect((await call(origin)).status).toBe(200)
    expect((await call(`http://127.0.0.1:${port}`)).status).toBe(403)
  })

  test('opens its stream of events', async () => {
    const { port, token } = await withServer({ certificate })
    const socket = connect({ port, host: '127.0.0.1', ca })
    const [first] = await new Promise<[Buffer]>((resolve) => {
      socket.once('data', (data: Buffer) => resolve([data]))
      socket.write(
        `GET /events HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nOrigin: https://127.0.0.1:${port}\r\nAuthorization: Bearer ${token}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`,
      )
    })
    socket.destroy()
    expect(first.toString()).toContain('101 Switching Protocols')
  })
})

test.each([
  [['--tls-cert', file('cert')], '--tls-cert without --tls-key', 2],
  [['--tls-cert', file('cert'), '--tls-key', file('other-key')], 'no certificate and its key', 2],
  [['--tls-cert', file('missing'), '--tls-key', file('key')], 'no readable file', 2],
])('heatproof serve with %j says: %s', async (args, words, code) => {
  const ended = await heatproof('serve', '--workspace', join(FOLDER, 'none.heatproof'), ...args).ended()
  expect(ended.code).toBe(code)
  expect(ended.error).toContain(words)
})
