import { describe, expect, test } from 'vitest'
import { startServer } from '../../../src/hosts/server/server.ts'
import { bodyLimit } from '../../../src/hosts/server/security/body-limit.ts'
import { smallEngine } from './small-engine.ts'
import { withServer, type TestServer } from './with-server.ts'

const JSON_TYPE = { 'content-type': 'application/json' }

describe('DNS rebinding: a page whose name was pointed here', () => {
  test.each([
    'evil.example',
    'evil.example:PORT',
    '127.0.0.1',
    '127.0.0.1:1',
    '127.0.0.1.evil.example:PORT',
    '0.0.0.0:PORT',
    'localhost:PORT.evil.example',
  ])('is refused by its Host %s', async (host) => {
    const { ask, port } = await withServer()
    const headers = { host: host.replace('PORT', String(port)) }
    const answer = await ask('/maps/1.f32', { headers })
    expect(answer.status).toBe(403)
    expect(answer.json()).toMatchObject({ error: { code: 'forbidden' } })
  })

  test.each(['127.0.0.1', 'localhost', '[::1]', 'LOCALHOST'])('the own name %s is served', async (name) => {
    const { ask, port } = await withServer()
    expect((await ask('/maps/1.f32', { headers: { host: `${name}:${port}` } })).status).toBe(200)
  })
})

describe('cross-site request forgery: a page of another origin', () => {
  test.each([
    'http://evil.example',
    'null',
    'https://127.0.0.1:PORT',
    'http://127.0.0.1:1',
    'http://localhost:PORT',
  ])('cannot post from %s, even with the token', async (origin) => {
    const { call, port, engine } = await withServer()
    const answer = await call('jobs.list', {}, { origin: origin.replace('PORT', String(port)) })
    expect(answer.status).toBe(403)
    expect(engine.calls).toEqual([])
  })

  test('its own page can', async () => {
    const { call, origin } = await withServer()
    expect((await call('jobs.list', {}, { origin })).status).toBe(200)
  })

  test('no answer allows reading across origins', async () => {
    const { call, ask, origin } = await withServer()
    for (const answer of [await call('jobs.list', {}, { origin }), await ask('/maps/1.png')]) {
      expect(answer.headers['access-control-allow-origin']).toBeUndefined()
      expect(answer.headers['cross-origin-resource-policy']).toBe('same-origin')
    }
  })

  test.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    undefined,
  ])('a form cannot post: content type %s', async (type) => {
    const { ask, engine } = await withServer()
    const headers = type === undefined ? {} : { 'content-type': type }
    const answer = await ask('/rpc/jobs.list', { method: 'POST', headers, body: '{}' })
    expect(answer.status).toBe(415)
    expect(engine.calls).toEqual([])
  })
})

describe('another user of this machine, without the token', () => {
  const wrong: [string, Record<string, string>][] = [
    ['none', {}],
    ['a wrong one', { authorization: 'Bearer AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' }],
    ['an empty one', { authorization: 'Bearer ' }],
    ['a wrong cookie', { cookie: 'heatproof_PORT=AAAA' }],
    ["another port's cookie", { cookie: 'heatproof_1=TOKEN' }],
    ['another scheme', { authorization: 'Basic TOKEN' }],
    ['more than the token', { authorization: 'Bearer TOKENx' }],
  ]
  test.each(wrong)('is refused everywhere: %s', async (_name, template) => {
    const server = await withServer()
    const filled = Object.entries(template).map(([name, value]) => [name, fill(value, server)])
    const headers = Object.fromEntries(filled) as Record<string, string>
    for (const path of ['/', '/review', '/maps/1.f32', '/assets/index-1a2b.js', '/nothing.html']) {
      expect((await server.ask(path, { token: false, headers })).status).toBe(403)
    }
    const post = { method: 'POST', token: false, headers: { ...headers, ...JSON_TYPE }, body: '{}' }
    expect((await server.ask('/rpc/jobs.list', post)).status).toBe(403)
    expect(server.engine.calls).toEqual([])
  })

  test.each(['', '?token=', '?token=wrong', '?token=TOKEN&token=TOKEN', '?token[]=TOKEN'])(
    'cannot open with %s',
    async (query) => {
      const server = await withServer()
      const answer = await server.ask(`/open${fill(query, server)}`, { token: false })
      expect(answer.status).toBe(403)
      expect(answer.headers['set-cookie']).toBeUndefined()
    },
  )

  test('cannot put the token into any other address', async () => {
    const server = await withServer()
    const answer = await server.ask(`/maps/1.f32?token=${server.token}`, { token: false })
    expect(answer.status).toBe(403)
  })

  test('every start has a token of its own, of 256 bits', async () => {
    const [first, second] = [await withServer(), await withServer()]
    expect(first.token).not.toBe(second.token)
    expect(Buffer.from(first.token, 'base64url')).toHaveLength(32)
  })
})

describe('an open redirect', () => {
  test.each([
    'http://evil.example/',
    '//evil.example/',
    '/\\evil.example/',
    '/%09/evil.example',
    '\\\\evil.example',
    'javascript:alert(1)',
    '/a\r\nset-cookie: x=1',
  ])('to %j goes to the start page', async (next) => {
    const { ask, token } = await withServer()
    const answer = await ask(`/open?token=${token}&next=${encodeURIComponent(next)}`, { token: false })
    expect(answer.headers['refresh']).toBe('0;url=/')
    expect(answer.headers['set-cookie']).not.toContain('x=1')
  })
})

describe('path traversal', () => {
  test.each([
    '/../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/%2e%2e%2fsecret.txt',
    '/assets/../../secret.txt',
    '/assets/..%5c..%5csecret.txt',
    '/assets/%2e%2e/%2e%2e/secret.txt',
    '/..%00/secret.txt',
    '//secret.txt',
    '/%c0%ae%c0%ae/secret.txt',
    '/maps/..%2f..%2fsecret.txt.f32',
    '/maps/../secret.f32',
    '/maps/1%00.f32',
    '/maps/-1.f32',
    '/maps/1/minus/..%2f1.f32',
    '/maps/1/minus/-1.f32',
    '/maps/1e3.f32',
    '/maps/0x1.f32',
    '/maps/99999999999999999999.f32',
    '/models/..%2Fmodel.safetensors',
    '/.env',
    '/assets/.secret',
  ])('%s reaches no file', async (path) => {
    const { ask, failures } = await withServer()
    const answer = await ask(path)
    expect([400, 403, 404]).toContain(answer.status)
    expect(answer.body.toString()).not.toBe('secret')
    expect(failures).toEqual([])
  })
})

describe('a WebSocket', () => {
  const upgrade = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
  }

  test.each([
    ['from another origin', { origin: 'http://evil.example' }, true],
    ['to another host', { host: 'evil.example' }, true],
    ['without the token', {}, false],
  ])('%s is refused before it is open', async (_name, headers, token) => {
    const { ask, engine } = await withServer()
    const answer = await ask('/events', { headers: { ...upgrade, ...headers }, token })
    expect(answer.status).toBe(403)
    expect(engine.listeners()).toBe(0)
  })

  test('that sends too much is closed', async () => {
    const { port, token, engine } = await withServer()
    const options = { headers: { authorization: `Bearer ${token}` } } as unknown as string
    const socket = new WebSocket(`ws://127.0.0.1:${port}/events`, options)
    const closed = new Promise<number>((resolve) => {
      socket.addEventListener('close', (event) => resolve(event.code))
    })
    socket.addEventListener('open', () => socket.send('x'.repeat(2000)))
    expect(await closed).toBe(1009)
    expect(engine.listeners()).toBe(0)
  })
})

describe('a body', () => {
  test('over the limit is refused', async () => {
    const { call, engine } = await withServer()
    const answer = await call('workspace.setReviewer', {
      name: 'x'.repeat(bodyLimit('workspace.setReviewer')),
    })
    expect(answer.status).toBe(413)
    expect(answer.json()).toMatchObject({ error: { code: 'bad_argument' } })
    expect(engine.calls).toEqual([])
  })

  test('as large as a bulk decision or a model is read', async () => {
    const { call } = await withServer()
    const mapIds = Array.from({ length: 100_000 }, (_, index) => 9_000_000 + index)
    const answer = await call('review.decide', { mapIds, reviewer: 'Anna', verdict: 'accept' })
    expect(answer.status).toBe(200)
    expect(bodyLimit('models.import')).toBeGreaterThan(90_000_000 + 1000)
  })

  test.each([
    '{"name":"Anna","__proto__":{"polluted":true}}',
    '{"name":"Anna","constructor":{"prototype":{"polluted":true}}}',
    '{"name":"Anna","a":{"__proto__":{"polluted":true}}}',
  ])('that would change prototypes is refused: %s', async (body) => {
    const { ask, engine } = await withServer()
    const answer = await ask('/rpc/workspace.setReviewer', { method: 'POST', headers: JSON_TYPE, body })
    expect(answer.status).toBe(400)
    expect(engine.calls).toEqual([])
    expect({}).not.toHaveProperty('polluted')
  })

  test.each(['', '{', 'NaN', '{"name":"a"}{"name":"b"}'])('that is no JSON is refused: %j', async (body) => {
    const { ask } = await withServer()
    const answer = await ask('/rpc/workspace.setReviewer', { method: 'POST', headers: JSON_TYPE, body })
    expect(answer.status).toBe(400)
    expect(answer.json()).toMatchObject({ ok: false, error: { code: 'bad_argument' } })
  })
})

describe('answers', () => {
  test('all carry the security headers, failures too', async () => {
    const { ask, call } = await withServer()
    const answers = [
      await ask('/'),
      await ask('/', { token: false }),
      await ask('/maps/1.f32'),
      await ask('/nothing.html'),
      await call('jobs.list', {}),
      await call('runs.list', {}),
    ]
    for (const { headers } of answers) {
      const policy = String(headers['content-security-policy'])
      expect(policy).toContain("default-src 'none'")
      expect(policy).toContain("script-src 'self';")
      expect(policy).not.toMatch(/unsafe|https?:|\*/)
      expect(headers['x-content-type-options']).toBe('nosniff')
      expect(headers['referrer-policy']).toBe('no-referrer')
      expect(headers['cross-origin-opener-policy']).toBe('same-origin')
    }
  })

  test('never tell the message, path or stack of an unknown error', async () => {
    const { call, failures } = await withServer()
    const answer = await call('runs.list', {})
    expect(answer.status).toBe(500)
    expect(answer.json()).toMatchObject({ ok: false, error: { code: 'internal' } })
    expect(answer.body.toString()).not.toMatch(/secret|engine\.ts|no handler/)
    expect(String(failures[0])).toContain('no handler')
  })
})

test.each(['0.0.0.0', '::', '192.168.1.2', 'example.org', 'localhost', ''])(
  'listening on %j, not loopback, is refused',
  async (host) => {
    await expect(startServer(smallEngine(), { host })).rejects.toMatchObject({
      code: 'forbidden',
      exitCode: 2,
    })
  },
)

function fill(text: string, { token, port }: TestServer): string {
  return text.replaceAll('TOKEN', token).replace('PORT', String(port))
}
