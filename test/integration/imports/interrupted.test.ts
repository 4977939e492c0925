import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openEngine } from '../../../src/engine/engine.ts'
import { openWorkspace } from '../../../src/engine/workspace/open.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { arrayFiles, writeFolder } from './array-fixture.ts'

const folder = temporaryFolder()

test('an import whose engine was killed after its record is not recorded again', async () => {
  const workspacePath = join(folder, 'a.heatproof')
  const path = writeFolder(join(folder, 'arrays'), arrayFiles())
  openWorkspace(workspacePath, { create: true }).close()
  const open = () => openEngine({ workspacePath, folders: [folder], backend: 'wasm', workers: 1 })
  const first = open()
  const { jobId } = await first.handlers['imports.start']({ path, options: {}, createdBy: 'Ada' })
  expect(await first.waitFor(jobId)).toMatchObject({ status: 'done' })
  await first.close()

  const killed = openWorkspace(workspacePath)
  killed.database.prepare(`UPDATE jobs SET status = 'running', finished_at = NULL WHERE id = ?`).run(jobId)
  killed.close()

  const next = open()
  expect(await next.waitFor(jobId)).toMatchObject({ status: 'done', resultId: 1 })
  expect(await next.handlers['imports.list']({})).toHaveLength(1)
  await next.close()
})
