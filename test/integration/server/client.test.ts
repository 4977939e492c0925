import { describe, expect, test } from 'vitest'
import { createEvents, waitAfter } from '../../../src/renderer/lib/events.ts'
import { createCall } from '../../../src/renderer/lib/rpc.ts'
import type { EngineEvent } from '../../../src/shared/contract/contract.ts'
import type { Caller } from '../../../src/shared/contract/reviewers.ts'
import { HeatproofError } from '../../../src/shared/errors.ts'
import { smallEngine } from './small-engine.ts'
import { withServer, type TestServer } from './with-server.ts'

function callOf({ origin, token }: { origin: string; token: string }): ReturnType<typeof createCall> {
  return createCall((path, init) => {
    const headers = new Headers(init.headers)
    headers.set('authorization', `Bearer ${token}`)
    return fetch(origin + path, { ...init, headers })
  })
}

function eventsOf({ port, token }: TestServer, sockets: WebSocket[]): ReturnType<typeof createEvents> {
  return createEvents(() => {
    const options = { headers: { authorization: `Bearer ${token}` } }
    const socket = new WebSocket(`ws://127.0.0.1:${port}/events`, options)
    sockets.push(socket)
    return socket
  }, 10)
}

describe('the typed client', () => {
  test('gets the value of a procedure', async () => {
    const server = await withServer()
    const summary = await callOf(server)('workspace.setReviewer', { name: 'Berta' })
    expect(summary.reviewer).toBe('Berta')
  })

  test('throws the error that the engine raised', async () => {
    const raised = new HeatproofError('conflict', { found: 'a', expected: 'b', advice: 'c' })
    const server = await withServer({}, smallEngine({ 'jobs.get': () => Promise.reject(raised) }))
    const error: unknown = await callOf(server)('jobs.get', { id: 1 }).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(HeatproofError)
    expect(error).toMatchObject({ code: 'conflict', message: raised.message })
  })

  test('says so when nobody answers', async () => {
    const server = await withServer()
    await server.close()
    await expect(callOf(server)('jobs.list', {})).rejects.toMatchObject({
      code: 'internal',
      found: 'no answer from the engine',
    })
  })

  test('passes on that a call was given up', async () => {
    const server = await withServer({}, smallEngine({ 'jobs.list': () => new Promise(() => undefined) }))
    const signal = AbortSignal.timeout(50)
    await expect(callOf(server)('jobs.list', {}, { signal })).rejects.toMatchObject({ name: 'TimeoutError' })
  })
})

describe('events', () => {
  const changed: EngineEvent = { type: 'changed', what: ['maps'] }

  test('come over one socket for all listeners, which closes after the last', async () => {
    const server = await withServer()
    const sockets: WebSocket[] = []
    const subscribe = eventsOf(server, sockets)
    const [first, second]: EngineEvent[][] = [[], []]
    const stops = [subscribe((event) => first?.push(event)), subscribe((event) => second?.push(event))]
    await expect.poll(server.engine.listeners).toBe(1)
    server.engine.emit(changed)
    await expect.poll(() => [first, second]).toEqual([[changed], [changed]])
    stops.forEach((stop) => stop())
    await expect.poll(server.engine.listeners).toBe(0)
    expect(sockets).toHaveLength(1)
  })

  test('after a loss the socket opens again and everything may have changed', async () => {
    const server = await withServer()
    const sockets: WebSocket[] = []
    const got: EngineEvent[] = []
    const stop = eventsOf(server, sockets)((event) => got.push(event))
    await expect.poll(server.engine.listeners).toBe(1)
    sockets[0]?.close()
    await expect.poll(() => got.length).toBe(1)
    expect(got[0]).toMatchObject({
      type: 'changed',
      what: expect.arrayContaining(['verdicts', 'jobs']) as unknown,
    })
    server.engine.emit(changed)
    await expect.poll(() => got.at(-1)).toEqual(changed)
    stop()
    await expect.poll(server.engine.listeners).toBe(0)
    expect(sockets).toHaveLength(2)
  })

  test('end for good with the token: the page is told once and does not try again', async () => {
    const ada: Caller = { standing: 'reviewer', name: 'Ada' }
    let caller: Caller | undefined = ada
    const engine = { ...smallEngine(), reviewerWith: () => caller }
    const server = await withServer({}, engine)
    const sockets: WebSocket[] = []
    let ends = 0
    const subscribe = eventsOf({ ...server, token: 'a-reviewers-token' }, sockets)
    const stop = subscribe(
      () => undefined,
      () => (ends += 1),
    )
    await expect.poll(engine.listeners).toBe(1)
    caller = undefined
    engine.emit({ type: 'changed', what: ['reviewers'] })
    await expect.poll(() => ends).toBe(1)
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect({ ends, sockets: sockets.length, listeners: engine.listeners() }).toEqual({
      ends: 1,
      sockets: 1,
      listeners: 0,
    })
    stop()
  })

  test('the wait doubles up to ten seconds', () => {
    expect([0, 1, 2, 3, 10].map((losses) => waitAfter(losses, 500))).toEqual([500, 1000, 2000, 4000, 10_000])
  })
})
