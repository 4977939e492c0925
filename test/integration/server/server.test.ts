import { once } from 'node:events'
import { describe, expect, test } from 'vitest'
import { startServer } from '../../../src/hosts/server/server.ts'
import { HeatproofError } from '../../../src/shared/errors.ts'
import { smallEngine, summary } from './small-engine.ts'
import { withServer } from './with-server.ts'

describe('procedures', () => {
  test('answer with their value', async () => {
    const { call } = await withServer()
    const answer = await call('workspace.setReviewer', { name: '  Berta ' })
    expect(answer.status).toBe(200)
    expect(answer.json()).toEqual({ ok: true, value: summary('Berta') })
    expect(answer.headers['cache-control']).toBe('no-store')
  })

  test('get defaults filled in and unknown keys taken away', async () => {
    const { call, engine } = await withServer()
    await call('jobs.list', { other: 1 })
    expect(engine.calls).toEqual([{ name: 'jobs.list', input: { limit: 50 } }])
  })

  test.each([
    ['workspace.setReviewer', { name: '' }, "'name'"],
    ['jobs.list', { limit: 501 }, "'limit'"],
    ['jobs.list', [], 'input of jobs.list'],
    ['jobs.list', null, 'input of jobs.list'],
  ])('refuse wrong input of %s: %j', async (name, input, mentioned) => {
    const { call, engine } = await withServer()
    const answer = await call(name, input)
    expect(answer.status).toBe(400)
    expect(answer.json()).toMatchObject({ ok: false, error: { code: 'bad_argument' } })
    expect(answer.body.toString()).toContain(mentioned)
    expect(engine.calls).toEqual([])
  })

  test('that nobody knows are not found', async () => {
    const { call } = await withServer()
    const answer = await call('workspace.destroy', {})
    expect(answer.status).toBe(404)
    expect(answer.json()).toMatchObject({ ok: false, error: { code: 'not_found' } })
  })

  test('pass on errors of the family with all their fields', async () => {
    const error = new HeatproofError('conflict', { found: 'a', expected: 'b', advice: 'c' })
    const engine = smallEngine({ 'jobs.get': () => Promise.reject(error) })
    const { call } = await withServer({}, engine)
    const answer = await call('jobs.get', { id: 1 })
    expect(answer.status).toBe(409)
    const fields = { code: 'conflict', message: error.message, found: 'a', expected: 'b', advice: 'c' }
    expect(answer.json()).toEqual({ ok: false, error: fields })
  })

  test('with an answer outside the contract fail, where output is checked', async () => {
    const wrong = { ...summary('Anna'), name: 3 as unknown as string }
    const engine = smallEngine({ 'workspace.summary': () => wrong })
    const checked = await withServer({}, engine)
    expect((await checked.call('workspace.summary', {})).status).toBe(500)
    const unchecked = await withServer({ checkOutput: false }, engine)
    expect((await unchecked.call('workspace.summary', {})).status).toBe(200)
  })
})

describe('bulk data', () => {
  test.each([
    ['/maps/1.f32', 'application/octet-stream'],
    ['/maps/1/minus/1.f32', 'application/octet-stream'],
    ['/maps/1.png', 'image/png'],
    ['/samples/1.f32', 'application/octet-stream'],
    ['/models/1.safetensors', 'application/octet-stream'],
  ])('%s comes as it is and may be kept', async (path, type) => {
    const { ask } = await withServer()
    const answer = await ask(path)
    expect(answer.status).toBe(200)
    expect(answer.headers['content-type']).toBe(type)
    expect(answer.headers['cache-control']).toBe('private, max-age=31536000, immutable')
    expect(answer.headers['vary']).toBe('cookie')
    const floats = new Float32Array(new Uint8Array(answer.body).buffer)
    expect([...floats]).toEqual([0, 0.5, -1, 2])
  })

  test('of an id that nobody has are not found, and that answer is not kept', async () => {
    const { ask } = await withServer()
    const answer = await ask('/maps/2.f32')
    expect(answer.status).toBe(404)
    expect(answer.headers['cache-control']).toBe('no-store')
    expect(answer.headers['content-type']).toContain('application/json')
  })

  test.each(['maps', 'samples'])(
    'several %s come in one answer, no more than 64, and all or none',
    async (folder) => {
      const { ask } = await withServer()
      const answer = await ask(`/${folder}.f32?ids=1,1`)
      expect([...new Float32Array(new Uint8Array(answer.body).buffer)]).toEqual([
        0, 0.5, -1, 2, 0, 0.5, -1, 2,
      ])
      expect(answer.headers['cache-control']).toBe('no-store')
      expect((await ask(`/${folder}.f32?ids=1,2`)).status).toBe(404)
      for (const ids of ['', '?ids=', '?ids=1,,1', '?ids=1,x'])
        expect((await ask(`/${folder}.f32${ids}`)).status).toBe(404)
      expect((await ask(`/${folder}.f32?ids=${Array(65).fill(1).join(',')}`)).status).toBe(400)
    },
  )

  test('a sanity check is a CSV under its number', async () => {
    const { ask } = await withServer()
    const answer = await ask('/sanity/7.csv')
    expect(answer.headers['content-type']).toBe('text/csv; charset=utf-8')
    expect(answer.headers['content-disposition']).toBe('attachment; filename="sanity-check-7.csv"')
    expect(answer.headers['cache-control']).toBe('no-store')
    expect(answer.body.toString()).toBe('check\n7\n')
    expect((await ask('/sanity/x.csv')).status).toBe(404)
  })

  test('a figure and a comparison are files of the request in the address', async () => {
    const { ask } = await withServer()
    const request = encodeURIComponent(JSON.stringify({ metric: 'cosine' }))
    const types = { csv: 'text/csv; charset=utf-8', png: 'image/png', svg: 'image/svg+xml' }
    for (const [format, type] of Object.entries(types)) {
      const answer = await ask(`/figures/distribution.${format}?request=${request}&theme=dark`)
      expect(answer.headers['content-type']).toBe(type)
      expect(answer.headers['content-disposition']).toBe('attachment')
      expect(answer.body.toString()).toBe(`distribution cosine ${format} dark`)
    }
    expect((await ask(`/statistics.tex?request=${request}`)).body.toString()).toBe('cosine tex')
    expect((await ask('/figures/distribution.csv')).status).toBe(200)
    for (const wrong of ['?request=', '?request=%7B', '?request=%7B%22metric%22%3A1%7D', '?request=1']) {
      expect((await ask(`/figures/distribution.csv${wrong}`)).status).toBe(400)
      expect((await ask(`/statistics.csv${wrong}`)).status).toBe(400)
    }
    expect((await ask('/figures/unknown.csv')).status).toBe(400)
  })
})

describe('events', () => {
  test('reach every client until it leaves', async () => {
    const { port, token, engine } = await withServer()
    const socket = new WebSocket(`ws://127.0.0.1:${port}/events`, {
      headers: { authorization: `Bearer ${token}` },
    })
    await once(socket, 'open')
    const message = once(socket, 'message')
    engine.emit({ type: 'changed', what: ['maps'] })
    const [event] = (await message) as [{ data: string }]
    expect(JSON.parse(event.data)).toEqual({ type: 'changed', what: ['maps'] })
    socket.close()
    await expect.poll(engine.listeners).toBe(0)
  })
})

describe('screens', () => {
  test.each(['/', '/review?queue=3&id=5', '/figures', '/settings/keys'])(
    '%s shows the page',
    async (path) => {
      const { ask } = await withServer()
      const answer = await ask(path)
      expect(answer.status).toBe(200)
      expect(answer.body.toString()).toContain('<title>Heatproof</title>')
      expect(answer.headers['cache-control']).toBe('no-cache')
    },
  )

  test('hashed files may be kept', async () => {
    const { ask } = await withServer()
    const answer = await ask('/assets/index-1a2b.js')
    expect(answer.headers['content-type']).toContain('javascript')
    expect(answer.headers['cache-control']).toBe('private, max-age=31536000, immutable')
  })

  test.each(['/assets/other.js', '/rpc/jobs.list', '/maps/1', '/unknown.html'])(
    '%s is not found',
    async (path) => {
      const { ask } = await withServer()
      expect((await ask(path)).status).toBe(404)
    },
  )

  test('that are not built are said to be so', async () => {
    const { ask } = await withServer({ screens: '/nowhere' })
    expect((await ask('/')).body.toString()).toContain('npm run build')
  })
})

describe('opening', () => {
  test('turns the token into a cookie that then suffices', async () => {
    const { ask, token, port } = await withServer()
    const opened = await ask(`/open?token=${token}&next=/review%3Fqueue%3D3`, { token: false })
    expect(opened.status).toBe(200)
    expect(opened.headers['refresh']).toBe('0;url=/review?queue=3')
    expect(opened.body.toString()).not.toContain(token)
    const cookie = String(opened.headers['set-cookie'])
    expect(cookie).toBe(`heatproof_${port}=${token}; Path=/; HttpOnly; SameSite=Strict`)
    const headers = { cookie: `other=1; ${cookie.split(';')[0] ?? ''}` }
    expect((await ask('/maps/1.f32', { token: false, headers })).status).toBe(200)
  })
})

describe('ports', () => {
  test('in use are named, and nothing is left behind', async () => {
    const { port } = await withServer()
    const error: unknown = await startServer(smallEngine(), { port }).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(HeatproofError)
    expect(error).toMatchObject({ code: 'port_in_use', exitCode: 1 })
    expect(String(error)).toContain(String(port))
  })
})
