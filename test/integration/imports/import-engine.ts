import { join } from 'node:path'
import { afterAll, expect } from 'vitest'
import { openEngine } from '../../../src/engine/engine.ts'
import type { ImportOptions } from '../../../src/shared/contract/imports.ts'
import type { ImportFormatName } from '../../../src/shared/imports.ts'

/** An engine on a workspace that may read from a folder; it is closed after the tests of the file. */
export function importEngine(folder: string, path = join(folder, 'w.heatproof')) {
  const engine = openEngine({ workspacePath: path, create: true, folders: [folder], workers: 1 })
  afterAll(() => engine.close().catch(() => undefined))

  /** Imports and waits for the end of the job. */
  async function run(source: string, options: ImportOptions = {}, format?: ImportFormatName) {
    const request = { path: source, options, createdBy: 'Ada', ...(format && { format }) }
    const { jobId } = await engine.handlers['imports.start'](request)
    return engine.waitFor(jobId)
  }

  /** Expects that a path is refused, at once or by the job, with these words, and that nothing is left of it. */
  async function expectRefused(source: string, says: RegExp, ...said: [ImportOptions?, ImportFormatName?]) {
    const error = await run(source, ...said).then(
      (job) => job.error,
      (reason: unknown) => (reason instanceof Error ? reason.message : null),
    )
    expect(error).toMatch(says)
    const { counts } = await engine.handlers['workspace.summary']({})
    expect(counts).toMatchObject({ samples: 0, models: 0, runs: 0, maps: 0 })
  }
  return { path, engine, run, expectRefused }
}
