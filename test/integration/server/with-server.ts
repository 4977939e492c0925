import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request, type OutgoingHttpHeaders } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach } from 'vitest'
import { startServer, type RunningServer, type ServerOptions } from '../../../src/hosts/server/server.ts'
import { smallEngine, type SmallEngine } from './small-engine.ts'

export interface Answer {
  status: number
  headers: Record<string, string | string[] | undefined>
  body: Buffer
  json: () => unknown
}

export interface Ask {
  method?: string
  headers?: OutgoingHttpHeaders
  body?: string
  /** false: without the token. */
  token?: boolean
}

export interface TestServer extends RunningServer {
  engine: SmallEngine
  failures: unknown[]
  /** Sends the path exactly as written: no client tidies `..` away. */
  ask: (path: string, ask?: Ask) => Promise<Answer>
  call: (name: string, input: unknown, headers?: OutgoingHttpHeaders) => Promise<Answer>
}

const cleanups: (() => Promise<void>)[] = []

afterEach(async () => {
  await Promise.all(cleanups.splice(0).map((cleanup) => cleanup()))
})

/** A server on a free port with two built screens files and a secret file beside them; closed after the test. */
export async function withServer(options: ServerOptions = {}, engine = smallEngine()): Promise<TestServer> {
  const folder = mkdtempSync(join(tmpdir(), 'heatproof-server-'))
  const screens = join(folder, 'renderer')
  mkdirSync(join(screens, 'assets'), { recursive: true })
  writeFileSync(join(screens, 'index.html'), '<!doctype html><title>Heatproof</title>')
  writeFileSync(join(screens, 'assets', 'index-1a2b.js'), 'export {}')
  writeFileSync(join(folder, 'secret.txt'), 'secret')
  const failures: unknown[] = []
  const server = await startServer(engine, {
    screens,
    checkOutput: true,
    onFailure: (error) => failures.push(error),
    ...options,
  })
  cleanups.push(async () => {
    await server.close()
    rmSync(folder, { recursive: true })
  })
  const ask: TestServer['ask'] = (path, given = {}) => send(server, path, given)
  const call: TestServer['call'] = (name, input, headers = {}) =>
    ask(`/rpc/${name}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(input),
    })
  return { ...server, engine, failures, ask, call }
}

function send(server: RunningServer, path: string, { method, headers, body, token }: Ask): Promise<Answer> {
  const authorization = token === false ? {} : { authorization: `Bearer ${server.token}` }
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        host: '127.0.0.1',
        port: server.port,
        path,
        method: method ?? 'GET',
        headers: { ...authorization, ...headers },
      },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () => {
          const whole = Buffer.concat(chunks)
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: whole,
            json: () => JSON.parse(whole.toString()) as unknown,
          })
        })
      },
    )
    sent.on('error', reject)
    sent.end(body)
  })
}
