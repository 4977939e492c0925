import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { HeatproofError } from '../../shared/errors.ts'

/** Addresses that are never a screen. */
const DATA = /^\/(rpc|maps|samples|models|events|open|assets)(\/|$)/

/** The built renderer: its files, and its page for every address that is a screen, such as `/review?queue=3`. */
export async function addScreens(app: FastifyInstance, folder: string): Promise<void> {
  app.addHook('onRoute', (route) => {
    route.config = { ...route.config, may: 'reviewer' }
  })
  const built = existsSync(join(folder, 'index.html'))
  if (built) {
    await app.register(fastifyStatic, { root: folder, index: false, cacheControl: false, setHeaders })
    app.get('/', (_request, reply) => reply.sendFile('index.html'))
  }
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?')[0] ?? '/'
    if (request.method !== 'GET' || !isScreen(path)) throw unknownAddress()
    if (!built) throw notBuilt()
    return reply.sendFile('index.html')
  })
}

/** Whether the renderer decides what an address shows: neither data nor the name of a file. */
export function isScreen(path: string): boolean {
  return !DATA.test(path) && /^\/[\w/-]*$/.test(path)
}

/** Names in `assets/` hold a hash of the content. */
function setHeaders(reply: { header: (name: string, value: string) => unknown }, path: string): void {
  const hashed = /[\\/]assets[\\/][^\\/]+$/.test(path)
  reply.header('cache-control', hashed ? 'private, max-age=31536000, immutable' : 'no-cache')
}

function unknownAddress(): HeatproofError {
  return new HeatproofError('not_found', {
    found: 'an address that nothing answers',
    expected: 'a screen, a procedure or bulk data',
    advice: 'Correct the address.',
  })
}

function notBuilt(): HeatproofError {
  return new HeatproofError('not_found', {
    found: 'no built screens',
    expected: 'out/renderer/index.html',
    advice: 'Run `npm run build` first.',
  })
}
