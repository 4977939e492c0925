import { connect } from 'node:net'
import { describe, expect, test } from 'vitest'
import { PROGRAM_VERSION } from '../../../src/engine/program-version.ts'
import { smallEngine } from './small-engine.ts'
import { withServer } from './with-server.ts'

describe('/health', () => {
  test('says without a token that the engine answers, and nothing else', async () => {
    const { ask } = await withServer()
    const answer = await ask('/health', { token: false })
    expect(answer.status).toBe(200)
    expect(answer.json()).toEqual({ ok: true, version: PROGRAM_VERSION })
    expect(answer.headers['cache-control']).toBe('no-store')
  })

  test('says 503 when the engine cannot read its workspace, and keeps the reason to itself', async () => {
    const engine = smallEngine()
    engine.handlers['jobs.list'] = () => {
      throw new Error('disk I/O error in /home/ada/secret.heatproof')
    }
    const { ask, failures } = await withServer({}, engine)
    const answer = await ask('/health', { token: false })
    expect(answer.status).toBe(503)
    expect(answer.json()).toEqual({ ok: false, version: PROGRAM_VERSION })
    expect(failures).toHaveLength(1)
  })

  test('is not there for pages of other sites, nor under other names', async () => {
    const { ask, port } = await withServer()
    for (const headers of [{ host: `evil.example:${port}` }, { origin: 'http://evil.example' }])
      expect((await ask('/health', { token: false, headers })).status).toBe(403)
  })
})

describe('a client that dribbles', () => {
  /** What the server says to an unfinished request, and after how many milliseconds it hangs up. */
  function dribble(port: number, text: string): Promise<{ answer: string; after: number }> {
    return new Promise((resolve, reject) => {
      const started = Date.now()
      let answer = ''
      const socket = connect(port, '127.0.0.1', () => socket.write(text))
      socket.setEncoding('utf8').on('data', (piece: string) => (answer += piece))
      socket.on('close', () => resolve({ answer, after: Date.now() - started }))
      socket.on('error', reject)
    })
  }

  test.each([
    ['its headers', 'GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: '],
    ['its body', 'POST /rpc/jobs.list HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\n{'],
  ])('with %s is cut off, and others are served meanwhile', async (_, text) => {
    const { ask, port } = await withServer({ patience: 200 })
    const cut = dribble(port, text.replace('127.0.0.1', `127.0.0.1:${port}`))
    expect((await ask('/health', { token: false })).status).toBe(200)
    const { after } = await cut
    expect(after).toBeLessThan(10_000)
  })
})
