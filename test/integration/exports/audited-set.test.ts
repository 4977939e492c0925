import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import { PNG } from 'pngjs'
import { describe, expect, test } from 'vitest'
import { parseManifest } from '../../../src/engine/exchange/audited-set-manifest.ts'
import { verifyAuditedSet } from '../../../src/engine/exchange/audited-set-verify.ts'
import { listFolder } from '../../../src/engine/exchange/manifest.ts'
import { npyFloats, readNpyFile } from '../../../src/engine/exchange/npy.ts'
import { readJsonLines } from '../../../src/engine/exchange/jsonl.ts'
import { sha256 } from '../../../src/engine/exchange/sha256.ts'
import { undoDecision } from '../../../src/engine/review/decisions.ts'
import { insertActivation, insertCalibration } from '../../../src/engine/workspace/calibrations.ts'
import { getMap, getMapBytes } from '../../../src/engine/workspace/maps.ts'
import { getModelWeights, listModels } from '../../../src/engine/workspace/models.ts'
import { regionsOf } from '../../../src/engine/workspace/regions.ts'
import { getSampleBytes } from '../../../src/engine/workspace/samples.ts'
import { scoresOf } from '../../../src/engine/workspace/scores.ts'
import { METRICS } from '../../../src/shared/names.ts'
import { rejectionOf } from '../../support/errors.ts'
import { fillWorkspace } from '../../../src/hosts/bench/generated-workspace.ts'
import { addOtherClassMaps } from '../support/class-maps.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { auditedWorkspace, requestFor, verdict } from './audited-workspace.ts'
import { readTable } from './read-table.ts'
import { fitWith } from './stored-fit.ts'

const root = temporaryFolder()
const own = () => mkdtempSync(join(root, 'case-'))

function floatsOf(bytes: Uint8Array | undefined): number[] {
  return [...new Float32Array(Uint8Array.from(bytes ?? []).buffer)]
}

describe('an audited set', () => {
  test('holds every map, input, score and weight exactly as the workspace has it', async () => {
    const audited = auditedWorkspace(own(), { samples: 5 })
    const { database, folder } = audited
    const record = await audited.run(requestFor(folder))
    const set = join(folder, 'set')
    expect(record).toMatchObject({ path: set, format: 'folder', maps: 40, verdicts: 0, createdBy: 'Ada' })
    expect(audited.exported()).toBe(1)

    const maps = readTable(join(set, 'maps.csv'))
    const scores = new Map(readTable(join(set, 'scores.csv')).map((row) => [row['map_id'], row]))
    expect(maps).toHaveLength(40)
    for (const row of maps) {
      const id = Number(row['map_id'])
      const array = await readNpyFile(join(set, row['file'] ?? ''))
      expect(array.shape).toEqual([5, 28, 84])
      const at = Number(row['row']) * 28 * 84
      expect([...npyFloats(array, 'maps').slice(at, at + 28 * 84)]).toEqual(
        floatsOf(getMapBytes(database, id)),
      )
      const map = getMap(database, id)
      if (map === undefined) throw new Error(`no map ${id}`)
      expect(row).toMatchObject({
        sample_id: String(map.sampleId),
        method: map.method,
        total: String(map.total),
        logit: '4',
      })
      for (const { metric, value, state } of scoresOf(database, map, 0.8)) {
        expect(scores.get(String(id))?.[metric]).toBe(String(value ?? ''))
        expect(scores.get(String(id))?.[`${metric}_state`]).toBe(state)
      }
      const picture = PNG.sync.read(readFileSync(join(set, row['image'] ?? '')))
      expect([picture.width, picture.height]).toEqual([3 * 84, 3 * 28])
    }
    expect(Object.keys(scores.get('1') ?? {})).toEqual(
      expect.arrayContaining(METRICS.flatMap((metric) => [metric, `${metric}_state`])),
    )

    const inputs = await readNpyFile(join(set, 'inputs.npy'))
    expect(inputs.shape).toEqual([5, 28, 84])
    for (const row of readTable(join(set, 'samples.csv'))) {
      const at = Number(row['row']) * 28 * 84
      expect([...npyFloats(inputs, 'inputs').slice(at, at + 28 * 84)]).toEqual(
        floatsOf(getSampleBytes(database, Number(row['sample_id']))),
      )
    }
    const [sample] = readJsonLines(readFileSync(join(set, 'samples.jsonl'), 'utf8'), 'samples')
    expect(sample).toMatchObject({
      sampleId: 1,
      regions: [{ box: { row: 0, column: 0, height: 28, width: 28 } }, {}, {}],
      provenance: { images: [0, 1, 2], sampleSet: { source: { files: [{ sha256: 'a'.repeat(64) }] } } },
    })

    const manifest = parseManifest(readFileSync(join(set, 'manifest.json'), 'utf8'), 'manifest')
    for (const { file, name } of manifest.models) {
      const model = listModels(database).find((candidate) => candidate.name === name)
      expect([...readFileSync(join(set, file ?? ''))]).toEqual([
        ...(getModelWeights(database, model?.id ?? 0) ?? []),
      ])
    }
    await audited.close()
  })

  test('says how it was made, and lists every file with its hash', async () => {
    const audited = auditedWorkspace(own())
    const { folder, workspace } = audited
    verdict(workspace, [1, 2, 3], 'accept')
    const record = await audited.run(
      requestFor(folder, { filter: { method: ['sa', 'dtd'] }, name: 'Results 2' }),
    )
    const text = readFileSync(join(record.path, 'manifest.json'), 'utf8')
    expect(sha256(text)).toBe(record.manifestSha256)
    const manifest = parseManifest(text, 'manifest')
    expect(manifest).toMatchObject({
      name: 'Results 2',
      createdBy: 'Ada',
      selection: {
        filter: { method: ['sa', 'dtd'] },
        include: 'any',
        rule: 'majority',
        reviewers: null,
        calibration: 'active',
        images: true,
      },
      counts: { maps: 24, samples: 6, models: 2, latestVerdicts: record.verdicts },
      calibration: { id: null, tau: 0.8, theta: null },
      runs: [{ seed: 0, target: 'label', versions: { heatproof: '0.1.0' } }],
      sampleSets: [{ split: 'test', seed: 0 }],
    })
    expect(manifest.versions).toEqual({ heatproof: '0.1.0' })
    expect(manifest.models.map(({ sha256: hash }) => hash)).toEqual(
      listModels(audited.database).map(({ sha256: hash }) => hash),
    )
    expect(manifest.files).toEqual(await listFolder(record.path, ['manifest.json']))
    const all = await listFolder(record.path)
    expect(record.bytes).toBe(all.reduce((sum, { bytes }) => sum + bytes, 0))
    expect(readFileSync(join(record.path, 'README.txt'), 'utf8')).toContain('sha256sum -c SHA256SUMS')
    execFileSync('sha256sum', ['--check', '--strict', '--quiet', 'SHA256SUMS'], { cwd: record.path })
    expect(await audited.handlers['exports.verify']({ id: record.id })).toEqual({
      files: all.length,
      differences: [],
    })
    await audited.close()
  })

  test('tells the whole history of the verdicts, which of them count, and what all say together', async () => {
    const audited = auditedWorkspace(own())
    const { workspace, database, folder } = audited
    verdict(workspace, [1], 'fail')
    verdict(workspace, [1], 'accept', { note: '=HYPERLINK("http://example.org")' })
    verdict(workspace, [1], 'accept', { reviewer: 'Björn, the second' })
    verdict(workspace, [2], 'accept')
    verdict(workspace, [2], 'fail', { reviewer: '@sum' })
    verdict(workspace, [3], 'unsure')
    undoDecision(database, 'Ada')
    verdict(workspace, [9], 'fail')
    const record = await audited.run(requestFor(folder, { images: false }))
    expect(record.verdicts).toBe(8)

    const rows = readTable(join(record.path, 'verdicts.csv'))
    const shown = rows.map((row) => [
      row['map_id'],
      row['reviewer'],
      row['verdict'],
      row['action'],
      row['latest'],
      row['consensus'],
    ])
    expect(shown).toEqual([
      ['1', 'Ada', 'fail', 'decide', 'false', 'accept'],
      ['1', 'Ada', 'accept', 'decide', 'true', 'accept'],
      ['1', 'Björn, the second', 'accept', 'decide', 'true', 'accept'],
      ['2', 'Ada', 'accept', 'decide', 'true', 'tie'],
      ['2', "'@sum", 'fail', 'decide', 'true', 'tie'],
      ['3', 'Ada', 'unsure', 'decide', 'false', 'none'],
      ['3', 'Ada', 'withdrawn', 'undo', 'false', 'none'],
      ['9', 'Ada', 'fail', 'decide', 'true', 'fail'],
    ])
    expect(rows[1]?.['note']).toBe(`'=HYPERLINK("http://example.org")`)
    expect(Number.isNaN(Date.parse(rows[0]?.['created_at'] ?? ''))).toBe(false)

    const lines = readJsonLines(readFileSync(join(record.path, 'verdicts.jsonl'), 'utf8'), 'verdicts')
    expect(lines).toHaveLength(8)
    expect(lines[1]).toMatchObject({
      note: '=HYPERLINK("http://example.org")',
      latest: true,
      consensus: 'accept',
    })
    expect(lines[4]).toMatchObject({ reviewer: '@sum', modes: ['single_item_dominance'] })

    const consensus = readTable(join(record.path, 'consensus.csv'))
    const of = (id: number) => consensus.find((row) => row['map_id'] === String(id))
    expect(of(1)).toMatchObject({ consensus: 'accept', reviewers: '2', accept: '2', fail: '0' })
    expect(of(2)).toMatchObject({ consensus: 'tie', reviewers: '2', accept: '1', fail: '1', modes: '' })
    expect(of(9)).toMatchObject({ consensus: 'fail', modes: 'single_item_dominance' })
    expect(of(3)).toMatchObject({ consensus: 'none', reviewers: '0' })
    expect(existsSync(join(record.path, 'images'))).toBe(false)
    await audited.close()
  })

  test.each([
    ['accepted', [1, 4]],
    ['failed', [3]],
    ['unsure', [5]],
    ['consensus', [1, 3, 4]],
    ['any', [1, 2, 3, 4, 5, 6, 7, 8]],
  ] as const)('includes %s maps', async (include, ids) => {
    const audited = auditedWorkspace(own(), { samples: 2, architectures: [{ architecture: 'deep' }] })
    const { workspace, folder, handlers } = audited
    verdict(workspace, [1, 4], 'accept')
    verdict(workspace, [2], 'accept')
    verdict(workspace, [2, 3], 'fail', { reviewer: 'Björn' })
    verdict(workspace, [5], 'unsure')
    const preview = await handlers['exports.preview']({
      filter: {},
      include,
      form: 'set',
      rule: 'majority',
      images: false,
    })
    expect(preview).toMatchObject({ maps: ids.length, matching: 8, models: 1 })
    const record = await audited.run(requestFor(folder, { include, images: false }))
    const exported = readTable(join(record.path, 'maps.csv')).map((row) => Number(row['map_id']))
    expect(exported.sort((a, b) => a - b)).toEqual(ids)
    await audited.close()
  })

  test.each([
    ['majority', 'failed', [2, 4]],
    ['unanimous', 'failed', [4]],
    ['any', 'failed', [1, 2, 3, 4]],
    ['unanimous', 'accepted', [5]],
    ['any', 'accepted', [5]],
    ['any', 'unsure', [6]],
  ] as const)('by the rule %s holds the %s maps', async (rule, include, ids) => {
    const audited = auditedWorkspace(own(), { samples: 2, architectures: [{ architecture: 'deep' }] })
    const { workspace, folder } = audited
    verdict(workspace, [1, 3, 5], 'accept')
    verdict(workspace, [2, 4], 'fail')
    verdict(workspace, [6], 'unsure')
    verdict(workspace, [1, 2], 'fail', { reviewer: 'Björn' })
    verdict(workspace, [3], 'fail', { reviewer: 'Björn' })
    verdict(workspace, [2], 'accept', { reviewer: 'Cleo' })
    const record = await audited.run(requestFor(folder, { include, rule, images: false }))
    const rows = readTable(join(record.path, 'consensus.csv'))
    expect(rows.map((row) => Number(row['map_id'])).sort((a, b) => a - b)).toEqual(ids)
    const wanted = { accepted: 'accept', failed: 'fail', unsure: 'unsure' }[include]
    expect(new Set(rows.map((row) => row['consensus']))).toEqual(new Set([wanted]))
    await audited.close()
  })

  test('holds the verdicts of chosen reviewers alone, and follows them', async () => {
    const audited = auditedWorkspace(own(), { samples: 2, architectures: [{ architecture: 'deep' }] })
    const { workspace, folder, handlers } = audited
    verdict(workspace, [1, 2], 'accept')
    verdict(workspace, [2, 3], 'fail', { reviewer: 'Björn' })
    const request = requestFor(folder, { include: 'consensus', reviewers: ['Björn'], images: false })
    const record = await audited.run(request)
    expect(record).toMatchObject({ maps: 2, verdicts: 2 })
    const text = readFileSync(join(record.path, 'verdicts.csv'), 'utf8')
    expect(text).not.toContain('Ada')
    expect(readFileSync(join(record.path, 'records.jsonl'), 'utf8')).not.toContain('Ada')
    const consensus = readTable(join(record.path, 'consensus.csv'))
    expect(consensus.map((row) => [row['map_id'], row['consensus'], row['reviewers']]).sort()).toEqual([
      ['2', 'fail', '1'],
      ['3', 'fail', '1'],
    ])
    const nobody = { ...request, name: 'other', reviewers: ['bjorn'] }
    const error = await rejectionOf(Promise.resolve().then(() => handlers['exports.start'](nobody)))
    expect(error).toMatchObject({ code: 'bad_argument', expected: 'one of Ada, Björn' })
    await audited.close()
  })

  test('scores under the calibration that is asked for', async () => {
    const audited = auditedWorkspace(own(), { samples: 2 })
    const { database, folder, handlers } = audited
    for (const tau of [0.6, 0.7]) insertCalibration(database, fitWith({ tau, theta: 0.5 }), 'Ada')
    insertActivation(database, { calibrationId: 2, by: 'Ada', undoes: null })
    const taus: number[] = []
    for (const calibration of ['active', 'default', 1] as const) {
      const { path } = await audited.run(
        requestFor(folder, { name: String(calibration), calibration, images: false }),
      )
      const { manifest } = await verifyAuditedSet(path)
      taus.push(manifest.calibration.tau)
    }
    expect(taus).toEqual([0.7, 0.8, 0.6])
    const wanted = requestFor(folder, { name: 'none', calibration: 3 })
    const error = await rejectionOf(Promise.resolve().then(() => handlers['exports.start'](wanted)))
    expect(error).toMatchObject({ code: 'not_found' })
    await audited.close()
  })

  test('keeps samples of several sizes apart', async () => {
    const audited = auditedWorkspace(own(), { samples: 2, methods: ['sa'] })
    fillWorkspace(audited.workspace, { samples: 1, methods: ['sa'], seed: 1, rows: 14, columns: 42 })
    const record = await audited.run(requestFor(audited.folder))
    const files = readdirSync(record.path).filter((name) => name.startsWith('inputs'))
    expect(files.sort()).toEqual(['inputs-14x42.npy', 'inputs-28x84.npy'])
    for (const row of readTable(join(record.path, 'maps.csv'))) {
      const { shape } = await readNpyFile(join(record.path, row['file'] ?? ''))
      const pixels = getMapBytes(audited.database, Number(row['map_id']))?.length ?? 0
      expect((shape[1] ?? 0) * (shape[2] ?? 0) * 4).toBe(pixels)
    }
    await audited.close()
  })

  test('is the same as a zip, file by file', async () => {
    const audited = auditedWorkspace(own(), { samples: 3 })
    const { folder, handlers } = audited
    const asFolder = await audited.run(requestFor(folder))
    const asZip = await audited.run(requestFor(folder, { format: 'zip' }))
    expect(asZip.path).toBe(`${asFolder.path}.zip`)
    const bytes = readFileSync(asZip.path)
    expect(asZip.bytes).toBe(bytes.length)
    const unpacked = unzipSync(bytes)
    const plain = await listFolder(asFolder.path)
    for (const { path, sha256: hash } of plain)
      expect([path, sha256(unpacked[path] ?? '')]).toEqual([path, hash])
    expect(Object.keys(unpacked)).toHaveLength(plain.length)
    expect(sha256(unpacked['manifest.json'] ?? '')).toBe(asZip.manifestSha256)
    const verified = await handlers['exports.verify']({ id: asZip.id })
    expect(verified).toEqual({ files: plain.length, differences: [] })
    await audited.close()
  })

  test.each(['folder', 'zip'] as const)(
    'is the same bytes when it is written again, as a %s',
    async (format) => {
      const audited = auditedWorkspace(own(), { samples: 3 })
      const { database, folder, workspace } = audited
      verdict(workspace, [1, 2], 'fail')
      const calibrationId = insertCalibration(database, fitWith({ tau: 0.6, theta: 0.55 }), 'Ada')
      insertActivation(database, { calibrationId, by: 'Ada', undoes: null })
      const filter = { method: ['sa'] }
      const first = await audited.run(requestFor(folder, { format, filter }))
      const kept = join(folder, 'kept')
      renameSync(first.path, kept)
      verdict(workspace, [24], 'accept')
      const second = await audited.run(requestFor(folder, { format, filter }))
      expect(second).toEqual({ ...first, id: 2, createdAt: second.createdAt })
      if (format === 'zip') expect(readFileSync(second.path)).toEqual(readFileSync(kept))
      else expect(await listFolder(second.path)).toEqual(await listFolder(kept))
      await audited.close()
    },
  )

  test('scores under the calibration of the moment it begins, whatever happens meanwhile', async () => {
    const audited = auditedWorkspace(own(), { samples: 4 })
    const { database, folder, handlers, queue } = audited
    const others = addOtherClassMaps(database, [1, 2]).map(String)
    const calibrationId = insertCalibration(database, fitWith({ tau: 0.6, theta: 0.55 }), 'Ada')
    insertActivation(database, { calibrationId, by: 'Ada', undoes: null })
    const { jobId } = await handlers['exports.start'](requestFor(folder))
    insertActivation(database, { calibrationId: null, by: 'Björn', undoes: null })
    verdict(audited.workspace, [1], 'fail')
    await queue.finished(jobId)
    const set = join(folder, 'set')
    const calibration: unknown = JSON.parse(readFileSync(join(set, 'calibration.json'), 'utf8'))
    expect(calibration).toMatchObject({
      used: { id: calibrationId, version: 1, tau: 0.6, theta: 0.55 },
      version: { createdBy: 'Ada', fit: { verdictIds: [1, 2], metric: 'capped_percentage' } },
    })
    const { manifest, differences } = await verifyAuditedSet(set)
    expect(manifest.calibration).toMatchObject({ tau: 0.6 })
    expect(manifest.counts.verdicts).toBe(0)
    expect(differences).toEqual([])
    const kinds = readTable(join(set, 'maps.csv')).filter((row) => row['target_kind'] === 'class')
    expect(kinds.map((row) => row['map_id']).toSorted()).toEqual(others)
    let capped = 0
    for (const row of readTable(join(set, 'scores.csv'))) {
      const map = getMap(database, Number(row['map_id']))
      const marks = regionsOf(database, Number(row['sample_id'])).map(({ mark }) => mark)
      const shares = map?.shares ?? []
      const expected = shares.reduce((sum, share, item) => sum + (marks[item] ?? 0) * Math.min(share, 0.6), 0)
      expect(Number(row['capped_percentage'])).toBeCloseTo(expected, 12)
      const judged = others.includes(row['map_id'] ?? '') ? '' : String(expected < 0.55)
      expect(row['predicted_failure']).toBe(judged)
      if (shares.some((share, item) => marks[item] === 1 && share > 0.6)) capped += 1
    }
    expect(capped).toBeGreaterThan(0)
    await audited.close()
  })

  test('is refused when nothing matches, before a job starts', async () => {
    const audited = auditedWorkspace(own())
    const { folder, handlers, queue } = audited
    const error = await rejectionOf(
      Promise.resolve().then(() => handlers['exports.start'](requestFor(folder, { include: 'consensus' }))),
    )
    expect(error).toMatchObject({ code: 'bad_argument', exitCode: 2 })
    expect(error.found).toContain('48 match')
    expect(queue.list(10)).toEqual([])
    await audited.close()
  })

  test('has about the size that the preview says', async () => {
    const audited = auditedWorkspace(own(), { samples: 20 })
    const { folder, handlers } = audited
    const preview = await handlers['exports.preview']({
      filter: {},
      include: 'any',
      rule: 'majority',
      form: 'set',
      images: true,
    })
    const record = await audited.run(requestFor(folder))
    expect(preview).toMatchObject({ maps: 160, matching: 160, samples: 20, models: 2 })
    expect(Math.abs(preview.bytes - record.bytes) / record.bytes).toBeLessThan(0.15)
    await audited.close()
  })
})
