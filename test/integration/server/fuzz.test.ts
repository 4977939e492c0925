import { connect } from 'node:net'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { contract, type ProcedureName } from '../../../src/shared/contract/contract.ts'
import { ERROR_CODES } from '../../../src/shared/errors.ts'
import { seededGenerator } from '../../../src/shared/seeds.ts'
import { inputsLike } from '../../support/fuzz/inputs.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { realServer } from './real-server.ts'

const exhaustive = process.env['HEATPROOF_EXHAUSTIVE'] === '1'
const { owner, server } = await realServer(temporaryFolder())

/** They start work that goes on for minutes; what they refuse is tried by hand. */
const STARTS_WORK: readonly string[] = ['workspace.openSample', 'models.addShipped']
const NAMES = (Object.keys(contract) as ProcedureName[]).filter((name) => !STARTS_WORK.includes(name))

async function post(name: string, body: string): Promise<{ status: number; text: string }> {
  const response = await fetch(`${server().origin}/rpc/${name}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${owner.token}`, 'content-type': 'application/json' },
    body,
  })
  return { status: response.status, text: await response.text() }
}

const isWell = async () => (await fetch(`${server().origin}/health`)).status === 200

describe('whatever is sent', () => {
  test.each(NAMES)('%s answers, or refuses with a code of the family', async (name) => {
    await fc.assert(
      fc.asyncProperty(inputsLike(contract[name].input), async (input) => {
        const { status, text } = await post(name, JSON.stringify(input))
        const answer = JSON.parse(text) as { ok: boolean; error?: { code: string; message: string } }
        const code = answer.error?.code
        if (answer.ok) expect(status).toBe(200)
        else expect(ERROR_CODES.filter((known) => known !== 'internal')).toContain(code)
      }),
      { numRuns: exhaustive ? 1000 : 12 },
    )
  })

  test('a name with half a character, which the file cannot hold, is refused', async () => {
    const { status, text } = await post('reviewers.add', '{"name":"\\ud800","role":"lead"}')
    expect(status).toBe(400)
    expect(JSON.parse(text)).toMatchObject({ error: { expected: 'a name of whole characters' } })
  })

  test('bodies that are no JSON, and JSON of any kind, are refused in our words', async () => {
    const random = seededGenerator(1, 'bodies')
    const pieces = [
      '{',
      '}',
      '[',
      '"',
      ':',
      ',',
      '\\',
      '1e999',
      '-',
      'null',
      '{"__proto__":{"a":1}}',
      '\u0000',
      '﻿',
    ]
    const count = exhaustive ? 10_000 : 500
    for (let turn = 0; turn < count; turn += 1) {
      const body = Array.from({ length: random.uniformInt(1, 12) }, () => pieces[random.uniformInt(0, 12)])
      const { status, text } = await post('review.createQueue', body.join(''))
      expect([400, 413]).toContain(status)
      expect(JSON.parse(text)).toMatchObject({ ok: false, error: { code: 'bad_argument' } })
    }
    expect(await isWell()).toBe(true)
  })
})

/** Sends bytes as they are; gives what came back until the server closed, or half a second was over. */
function sendRaw(bytes: Uint8Array | string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(server().port, '127.0.0.1')
    let text = ''
    const done = (): void => {
      socket.destroy()
      resolve(text)
    }
    socket.setTimeout(500, done)
    socket.on('error', done)
    socket.on('close', done)
    socket.on('data', (piece) => (text += piece.toString('latin1')))
    socket.end(bytes)
  })
}

const statusesOf = (text: string) =>
  [...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status))

describe('what is no HTTP', () => {
  const head = () =>
    `GET /maps/1.f32 HTTP/1.1\r\nHost: 127.0.0.1:${server().port}\r\nAuthorization: Bearer ${owner.token}\r\nConnection: close\r\n\r\n`

  test('requests with bytes changed, cut and repeated never break the server', async () => {
    const random = seededGenerator(2, 'http')
    const statuses = new Set<number>()
    const batch = exhaustive ? 400 : 20
    for (let turn = 0; turn < batch; turn += 1) {
      const answers = await Promise.all(Array.from({ length: 25 }, () => sendRaw(changed(head(), random))))
      for (const status of answers.flatMap(statusesOf)) statuses.add(status)
    }
    expect([...statuses].filter((status) => status >= 500)).toEqual([])
    expect(statuses).toContain(400)
    expect(await isWell()).toBe(true)
  })

  test.each([
    ['two lengths', 'Content-Length: 2\r\nContent-Length: 5\r\n', '{}abc'],
    ['length and chunks', 'Content-Length: 2\r\nTransfer-Encoding: chunked\r\n', '0\r\n\r\n'],
    ['a negative length', 'Content-Length: -1\r\n', '{}'],
    ['a chunk without end', 'Transfer-Encoding: chunked\r\n', 'fffffffffffffffff\r\n{}'],
    ['a header of 100 kB', `X-Long: ${'x'.repeat(100_000)}\r\n`, ''],
    ['a folded header', 'X-Folded: a\r\n b\r\n', ''],
  ])('a body with %s is refused', async (_name, headers, body) => {
    const answer = await sendRaw(
      `POST /rpc/jobs.list HTTP/1.1\r\nHost: 127.0.0.1:${server().port}\r\nContent-Type: application/json\r\nAuthorization: Bearer ${owner.token}\r\n${headers}\r\n${body}`,
    )
    for (const status of statusesOf(answer)) expect([400, 413, 431]).toContain(status)
    expect(await isWell()).toBe(true)
  })
})

describe('what is no WebSocket', () => {
  const upgrade = () =>
    `GET /events HTTP/1.1\r\nHost: 127.0.0.1:${server().port}\r\nAuthorization: Bearer ${owner.token}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`

  test('frames of random bytes end their connection and nothing else', async () => {
    const random = seededGenerator(3, 'frames')
    const batch = exhaustive ? 100 : 10
    for (let turn = 0; turn < batch; turn += 1) {
      const frames = Array.from({ length: 20 }, () =>
        Buffer.from(Array.from({ length: random.uniformInt(1, 200) }, () => random.uniformInt(0, 255))),
      )
      await Promise.all(frames.map((frame) => sendRaw(Buffer.concat([Buffer.from(upgrade()), frame]))))
    }
    expect(await isWell()).toBe(true)
  })

  test.each([
    ['an unmasked frame', [0x81, 0x01, 0x61]],
    ['a reserved opcode', [0x83, 0x80, 0, 0, 0, 0]],
    ['a fragmented ping', [0x09, 0x80, 0, 0, 0, 0]],
    ['a ping of 200 bytes', [0x89, 0xfe, 0, 200, 0, 0, 0, 0]],
    ['a length of 2^63', [0x81, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]],
    ['no UTF-8', [0x81, 0x82, 0, 0, 0, 0, 0xc3, 0x28]],
  ])('%s closes the connection', async (_name, frame) => {
    const answer = await sendRaw(Buffer.concat([Buffer.from(upgrade()), Buffer.from(frame)]))
    expect(answer).toContain('101 Switching Protocols')
    expect(await isWell()).toBe(true)
  })
})

test('ten thousand bad requests leave a server that answers, in the memory that it had', async () => {
  const count = 10_000
  const bad = [
    '/rpc/nothing',
    '/maps/../../etc/passwd',
    '/maps/0.f32',
    '/%00',
    '/rpc/jobs.list',
    '/open?token=x',
  ]
  await post('jobs.list', '{"limit":1}')
  const before = process.memoryUsage().rss
  for (let sent = 0; sent < count; sent += 100) {
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        fetch(server().origin + (bad[(sent + index) % bad.length] ?? '/'), {
          method: index % 2 === 0 ? 'POST' : 'PUT',
          headers: { authorization: `Bearer ${owner.token}` },
        }).then(async (response) => [response.status, await response.text()] as const),
      ),
    )
    expect(answers.filter(([status]) => status >= 500)).toEqual([])
  }
  expect(await isWell()).toBe(true)
  expect(process.memoryUsage().rss - before).toBeLessThan(200e6)
}, 120_000)

/** One to three changes of a text: a byte set, a part left out, a part sent twice, or cut off. */
function changed(text: string, random: ReturnType<typeof seededGenerator>): Uint8Array {
  let bytes = Buffer.from(text)
  for (let change = random.uniformInt(1, 3); change > 0 && bytes.length > 1; change -= 1) {
    const [from, to] = [random.uniformInt(0, bytes.length - 1), random.uniformInt(0, bytes.length)].toSorted(
      (a, b) => a - b,
    )
    const [start, part, end] = [bytes.subarray(0, from), bytes.subarray(from, to), bytes.subarray(to)]
    const kind = random.uniformInt(0, 3)
    if (kind === 0) bytes[from ?? 0] = random.uniformInt(0, 255)
    else if (kind === 1) bytes = Buffer.concat([start, end])
    else if (kind === 2) bytes = Buffer.concat([start, part, part, end])
    else bytes = Buffer.from(start)
  }
  return bytes
}
