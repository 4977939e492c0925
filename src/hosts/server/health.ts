import type { FastifyInstance } from 'fastify'
import type { Engine } from '../../engine/api/engine.ts'
import { PROGRAM_VERSION } from '../../engine/program-version.ts'

/**
 * `GET /health`, for programs that watch the server: 200 where the engine can read its workspace, else 503. It needs no token, so
 * it says nothing that only somebody with one may know.
 */
export function addHealth(app: FastifyInstance, engine: Engine, onFailure: (error: unknown) => void): void {
  app.get('/health', async (_request, reply) => {
    const ok = await canRead(engine, onFailure)
    return reply
      .code(ok ? 200 : 503)
      .header('cache-control', 'no-store')
      .send({ ok, version: PROGRAM_VERSION })
  })
}

async function canRead(engine: Engine, onFailure: (error: unknown) => void): Promise<boolean> {
  try {
    await engine.handlers['jobs.list']({ limit: 1 })
    return true
  } catch (error) {
    onFailure(error)
    return false
  }
}
