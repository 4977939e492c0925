import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PNG } from 'pngjs'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startServer, type RunningServer } from '../../src/hosts/server/server.ts'
import { smallEngine, type SmallEngine } from '../integration/server/small-engine.ts'
import { launchBrowser } from './support/browser.ts'

// How a real browser comes to the server, what it keeps, and what it keeps other pages from.

let browser: Browser
let context: BrowserContext
let page: Page
const folder = mkdtempSync(join(tmpdir(), 'heatproof-opening-'))
const closings: (() => unknown)[] = []

beforeAll(async () => {
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Heatproof</title>')
  browser = await launchBrowser()
})

beforeEach(async () => {
  context = await browser.newContext()
  page = await context.newPage()
})

afterEach(async () => {
  await context.close()
  for (const close of closings.splice(0)) await close()
})

afterAll(async () => {
  await browser.close()
  rmSync(folder, { recursive: true })
})

/** A PNG that any page could show, if it were let. */
const PIXEL = PNG.sync.write(new PNG({ width: 1, height: 1 }))

interface Served {
  server: RunningServer
  engine: SmallEngine
  /** How often a map was read. */
  reads: () => number
}

/** A server whose only map holds one byte. */
async function serve(byte: number, port = 0): Promise<Served> {
  let reads = 0
  const small = smallEngine()
  const mapValues = () => {
    reads += 1
    return new Uint8Array([byte])
  }
  const engine = { ...small, bulk: { ...small.bulk, mapValues, mapImage: () => PIXEL } }
  const server = await startServer(engine, { screens: folder, port, onFailure: () => undefined })
  closings.push(server.close)
  return { server, engine, reads: () => reads }
}

/** A page of another site on this machine. */
async function otherSite(html: string): Promise<string> {
  const site = createServer((_request, response) => response.setHeader('content-type', 'text/html').end(html))
  site.listen(0, '127.0.0.1')
  await once(site, 'listening')
  closings.push(() => site.close())
  const address = site.address()
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
}

function readMap(): Promise<number | undefined> {
  return page.evaluate(async () => new Uint8Array(await (await fetch('/maps/1.f32')).arrayBuffer())[0])
}

describe('the printed address', () => {
  it('shows the screen, and the token is gone from the address', async () => {
    const { server } = await serve(1)
    await page.goto(`${server.address}&next=/review%3Fqueue%3D3`)
    await page.waitForURL(`${server.origin}/review?queue=3`)
    expect(await page.title()).toBe('Heatproof')
    const [cookie] = await context.cookies()
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict', path: '/' })
    expect(await page.evaluate('document.cookie')).toBe('')
  })

  it('works from a page on disk and from a link on another site', async () => {
    const { server } = await serve(1)
    const local = join(folder, 'open.html')
    writeFileSync(local, `<!doctype html><meta http-equiv="refresh" content="0;url=${server.address}">`)
    await page.goto(`file://${local}`)
    await page.waitForURL(`${server.origin}/`)
    expect(await page.title()).toBe('Heatproof')
    await context.clearCookies()
    await page.goto(await otherSite(`<a href="${server.address}">Open</a>`))
    await page.getByText('Open').click()
    await page.waitForURL(`${server.origin}/`)
    expect(await page.title()).toBe('Heatproof')
  })
})

/** Whether the page can show a map of a server. */
function showsImage(origin: string): Promise<boolean> {
  return page.evaluate<boolean>(`new Promise((resolve) => {
    const image = new Image()
    image.onload = () => resolve(true)
    image.onerror = () => resolve(false)
    image.src = '${origin}/maps/1.png'
  })`)
}

describe('what a browser keeps', () => {
  it('is a map, read once', async () => {
    const { server, reads } = await serve(7)
    await page.goto(server.address)
    await page.waitForURL(`${server.origin}/`)
    expect([await readMap(), await readMap(), await readMap()]).toEqual([7, 7, 7])
    expect(reads()).toBe(1)
  })

  it('is not shown for another workspace on the same port', async () => {
    const first = await serve(7)
    await page.goto(first.server.address)
    await page.waitForURL(`${first.server.origin}/`)
    expect(await readMap()).toBe(7)
    await first.server.close()
    const second = await serve(9, first.server.port)
    await page.goto(second.server.address)
    await page.waitForURL(`${second.server.origin}/`)
    expect(await readMap()).toBe(9)
  })
})

describe('a page of another site, in a browser that has the cookie', () => {
  it('calls nothing, reads nothing, hears nothing and frames nothing', async () => {
    const { server, engine } = await serve(7)
    await page.goto(server.address)
    await page.waitForURL(`${server.origin}/`)
    expect(await showsImage(server.origin)).toBe(true)
    await page.goto(await otherSite(`<iframe src="${server.origin}/"></iframe>`))
    const outcome = await page.evaluate(async (origin) => {
      const attempt = (run: () => Promise<unknown>) =>
        run().then(
          () => 'succeeded',
          () => 'refused',
        )
      const body = '{"name":"Mallory"}'
      const url = `${origin}/rpc/workspace.setReviewer`
      const json = { 'content-type': 'application/json' }
      return {
        json: await attempt(() =>
          fetch(url, { method: 'POST', credentials: 'include', headers: json, body }),
        ),
        simple: await attempt(() => fetch(url, { method: 'POST', credentials: 'include', body })),
        blind: await attempt(() =>
          fetch(url, { method: 'POST', mode: 'no-cors', credentials: 'include', body }),
        ),
        read: await attempt(() => fetch(`${origin}/maps/1.f32`, { credentials: 'include' })),
        socket: await new Promise((resolve) => {
          const socket = new WebSocket(`${origin.replace('http', 'ws')}/events`)
          socket.onopen = () => resolve('succeeded')
          socket.onerror = () => resolve('refused')
        }),
      }
    }, server.origin)
    expect(outcome).toMatchObject({ json: 'refused', simple: 'refused', read: 'refused', socket: 'refused' })
    expect(await showsImage(server.origin)).toBe(false)
    await expect.poll(() => page.frames().at(-1)?.url()).toMatch(/^chrome-error:/)
    expect(engine.calls).toEqual([])
    expect(engine.listeners()).toBe(0)
  })
})
