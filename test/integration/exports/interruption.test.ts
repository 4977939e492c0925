import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { writeAuditedSet, type AuditedSetOptions } from '../../../src/engine/exchange/audited-set.ts'
import { sha256 } from '../../../src/engine/exchange/sha256.ts'
import { MapTable } from '../../../src/engine/review/map-table.ts'
import { insertJob, loadCheckpoint } from '../../../src/engine/workspace/jobs.ts'
import { openWorkspace } from '../../../src/engine/workspace/open.ts'
import type { ExportRequest } from '../../../src/shared/contract/exports.ts'
import { rejectionOf } from '../../support/errors.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { auditedWorkspace, exporterOf, requestFor } from './audited-workspace.ts'

const root = realpathSync(temporaryFolder())
const own = () => mkdtempSync(join(root, 'case-'))

function optionsFor(
  audited: ReturnType<typeof auditedWorkspace>,
  request: Partial<ExportRequest> = {},
): AuditedSetOptions {
  return {
    database: audited.database,
    table: new MapTable(audited.database),
    request: requestFor(audited.folder, request),
    folders: [audited.folder],
    attempt: 'test',
    earlier: null,
    keep: () => undefined,
    signal: new AbortController().signal,
    report: () => undefined,
  }
}

describe('an export that does not come to its end', () => {
  test.each(['folder', 'zip'] as const)('leaves nothing when it is cancelled (%s)', async (format) => {
    const audited = auditedWorkspace(own(), { samples: 30 })
    const controller = new AbortController()
    const seen: number[] = []
    const writing = writeAuditedSet({
      ...optionsFor(audited, { format }),
      signal: controller.signal,
      report({ done, total }) {
        seen.push(done)
        expect(readdirSync(audited.folder)).toHaveLength(1)
        if (done >= total / 2) controller.abort()
      },
    })
    expect(await rejectionOf(writing)).toMatchObject({ code: 'cancelled' })
    expect(seen.length).toBeGreaterThan(0)
    expect(Math.max(...seen)).toBeLessThan(240)
    expect(readdirSync(audited.folder)).toEqual([])
    await audited.close()
  })

  test('is a cancelled job without a record, and can be resumed to the whole set', async () => {
    const audited = auditedWorkspace(own(), { samples: 60 })
    const { folder, handlers, queue, jobs } = audited
    const { jobId } = await handlers['exports.start'](requestFor(folder))
    while (!jobs.some(({ done }) => done > 0)) await new Promise(setImmediate)
    queue.cancel(jobId)
    expect(await queue.finished(jobId)).toMatchObject({ status: 'cancelled', resultId: null })
    expect(readdirSync(folder)).toEqual([])
    expect(await handlers['exports.list']({})).toEqual([])
    queue.resume(jobId)
    expect(await queue.finished(jobId)).toMatchObject({ status: 'done', done: 480, total: 480, unit: 'maps' })
    expect(readdirSync(folder)).toEqual(['set'])
    expect(await handlers['exports.verify']({ id: 1 })).toMatchObject({ differences: [] })
    await audited.close()
  })

  test('leaves nothing when a map cannot be read', async () => {
    const audited = auditedWorkspace(own())
    audited.database.prepare('DELETE FROM map_values WHERE map_id = 40').run()
    const job = await audited.start(requestFor(audited.folder))
    expect(job).toMatchObject({ status: 'failed', resultId: null })
    expect(readdirSync(audited.folder)).toEqual([])
    await audited.close()
  })

  test('removes what its killed attempt left, and that alone', async () => {
    const audited = auditedWorkspace(own(), { samples: 2 })
    const { folder } = audited
    for (const attempt of ['test', 'another']) {
      mkdirSync(join(folder, `.set.${attempt}.part`, 'set', 'maps'), { recursive: true })
      writeFileSync(join(folder, `.set.${attempt}.part`, 'set', 'maps', 'half.npy'), 'half')
    }
    const { path } = await writeAuditedSet(optionsFor(audited))
    expect(existsSync(join(path, 'maps', 'half.npy'))).toBe(false)
    expect(readdirSync(folder).sort()).toEqual(['.set.another.part', 'set'])
    await audited.close()
  })

  test('is recorded by its next attempt when it was killed right after the set was in its place', async () => {
    const home = own()
    const audited = auditedWorkspace(home, { samples: 2 })
    const { folder, database } = audited
    const request = requestFor(folder)
    const id = insertJob(database, { kind: 'export', title: 'Export set', request, unit: 'maps' })
    database.exec("CREATE TRIGGER killed BEFORE INSERT ON exports BEGIN SELECT raise(ABORT, 'killed'); END")
    audited.queue.resumeUnfinished()
    await audited.queue.finished(id)
    const { ino } = statSync(join(folder, 'set', 'manifest.json'))
    await audited.close()

    const workspace = openWorkspace(join(home, 'set.heatproof'))
    workspace.database.exec("DROP TRIGGER killed; UPDATE jobs SET status = 'running'")
    const again = exporterOf(workspace, [folder])
    again.queue.resumeUnfinished()
    expect(await again.queue.finished(id)).toMatchObject({ status: 'done' })
    expect(await again.handlers['exports.list']({})).toMatchObject([
      { maps: 16, manifestSha256: sha256(readFileSync(join(folder, 'set', 'manifest.json'))) },
    ])
    expect(statSync(join(folder, 'set', 'manifest.json')).ino).toBe(ino)
    expect(loadCheckpoint(workspace.database, id)).toBeUndefined()
    await again.close()
  })

  test.each([
    [
      'its record and the result of its job',
      'BEFORE UPDATE OF result_id ON jobs WHEN new.result_id IS NOT NULL',
    ],
    ['its result and the end of its job', "BEFORE UPDATE OF status ON jobs WHEN new.status = 'done'"],
  ])('is recorded once when it was killed between %s', async (_, moment) => {
    const home = own()
    const audited = auditedWorkspace(home, { samples: 2 })
    const { folder, database } = audited
    const request = requestFor(folder)
    const id = insertJob(database, { kind: 'export', title: 'Export set', request, unit: 'maps' })
    database.exec(`CREATE TRIGGER killed ${moment} BEGIN SELECT raise(ABORT, 'killed'); END`)
    audited.queue.resumeUnfinished()
    await audited.queue.finished(id)
    await audited.close()

    const workspace = openWorkspace(join(home, 'set.heatproof'))
    workspace.database.exec("DROP TRIGGER killed; UPDATE jobs SET status = 'running'")
    const again = exporterOf(workspace, [folder])
    again.queue.resumeUnfinished()
    expect(await again.queue.finished(id)).toMatchObject({ status: 'done', resultId: 1 })
    expect(await again.handlers['exports.list']({})).toHaveLength(1)
    await again.close()
  })
})

describe('the place of an export', () => {
  test('is never taken from something that is there', async () => {
    const audited = auditedWorkspace(own(), { samples: 2 })
    const { folder, handlers } = audited
    writeFileSync(join(folder, 'file'), 'mine')
    mkdirSync(join(folder, 'empty'))
    symlinkSync(join(folder, 'nowhere'), join(folder, 'link'))
    writeFileSync(join(folder, 'file.zip'), 'mine')
    for (const request of [
      { name: 'file' },
      { name: 'empty' },
      { name: 'link' },
      { name: 'file', format: 'zip' as const },
    ]) {
      const asked = requestFor(folder, request)
      const refused = await rejectionOf(Promise.resolve().then(() => handlers['exports.start'](asked)))
      expect(refused).toMatchObject({ code: 'conflict', exitCode: 2 })
      expect(await rejectionOf(writeAuditedSet(optionsFor(audited, request)))).toMatchObject({
        code: 'conflict',
      })
    }
    expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('mine')
    expect(readdirSync(folder).sort()).toEqual(['empty', 'file', 'file.zip', 'link'])
    await audited.close()
  })

  test.each(['folder', 'zip'] as const)(
    'is not taken when somebody takes it meanwhile (%s)',
    async (format) => {
      const audited = auditedWorkspace(own(), { samples: 2 })
      const taken = join(audited.folder, format === 'zip' ? 'set.zip' : 'set')
      const writing = writeAuditedSet({
        ...optionsFor(audited, { format }),
        report: () => writeFileSync(taken, 'mine'),
      })
      expect(await rejectionOf(writing)).toMatchObject({ code: 'conflict' })
      expect(readFileSync(taken, 'utf8')).toBe('mine')
      expect(readdirSync(audited.folder)).toHaveLength(1)
      await audited.close()
    },
  )

  test('is inside the folders that were chosen, whatever path is tried', async () => {
    const home = own()
    const audited = auditedWorkspace(home, { samples: 2 })
    const { folder, handlers } = audited
    const outside = join(home, 'outside')
    mkdirSync(outside)
    mkdirSync(join(folder, 'inner'))
    symlinkSync(outside, join(folder, 'link'))
    const attacks: [Partial<ExportRequest>, string][] = [
      [{ folder: outside }, 'forbidden'],
      [{ folder: `${folder}/../outside` }, 'forbidden'],
      [{ folder: join(folder, 'link') }, 'forbidden'],
      [{ folder: join(folder, 'inner') }, 'forbidden'],
      [{ folder: '/' }, 'forbidden'],
      [{ folder: '.' }, 'forbidden'],
      [{ folder: '' }, 'forbidden'],
      [{ folder: join(home, 'missing') }, 'forbidden'],
      [{ folder: `${folder}\0` }, 'forbidden'],
      [{ name: '../outside/set' }, 'bad_argument'],
      [{ name: '..' }, 'bad_argument'],
      [{ name: '.hidden' }, 'bad_argument'],
      [{ name: join(outside, 'set') }, 'bad_argument'],
      [{ name: 'link/set' }, 'bad_argument'],
      [{ name: 'a\\b' }, 'bad_argument'],
      [{ name: 'a\0b' }, 'bad_argument'],
      [{ name: '' }, 'bad_argument'],
    ]
    for (const [attack, code] of attacks) {
      const asked = requestFor(folder, attack)
      const refused = await rejectionOf(Promise.resolve().then(() => handlers['exports.start'](asked)))
      expect([attack, refused.code]).toEqual([attack, code])
      expect((await rejectionOf(writeAuditedSet(optionsFor(audited, attack)))).code).toBe(code)
    }
    expect(readdirSync(outside)).toEqual([])
    expect(readdirSync(folder).sort()).toEqual(['inner', 'link'])
    await audited.close()
  })

  test('may be reached by another way', async () => {
    const home = own()
    const audited = auditedWorkspace(home, { samples: 2 })
    symlinkSync(audited.folder, join(home, 'way'))
    const record = await audited.run(requestFor(`${home}/way/../way`))
    expect(record.path).toBe(join(audited.folder, 'set'))
    await audited.close()
  })

  test('that is gone is reported', async () => {
    const audited = auditedWorkspace(own(), { samples: 2 })
    rmSync(audited.folder, { recursive: true })
    const error = await rejectionOf(writeAuditedSet(optionsFor(audited)))
    expect(error).toMatchObject({ code: 'forbidden' })
    await audited.close()
  })
})
