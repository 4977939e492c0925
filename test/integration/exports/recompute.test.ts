import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, expect, test } from 'vitest'
import { openEngine } from '../../../src/engine/engine.ts'
import { listFolder } from '../../../src/engine/exchange/manifest.ts'
import { writeModel } from '../../../src/engine/models/model.ts'
import { RunRequest } from '../../../src/shared/contract/runs.ts'
import type { RecomputedSet } from '../../../src/hosts/command-support/recompute-set.ts'
import { arrayFiles, writeFolder } from '../imports/array-fixture.ts'
import { linearModel } from '../sanity/linear-model.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { requestFor } from './audited-workspace.ts'

const CLI = fileURLToPath(new URL('../../../src/hosts/cli.ts', import.meta.url))
const root = temporaryFolder()
const METHODS = ['sa', 'gi', 'random:7', 'smoothgrad']

/** A set of real maps, of a model explained for two classes, and of maps that were imported: of 5 samples the label of one is 3. */
beforeAll(async () => {
  const engine = openEngine({
    ...{ workspacePath: join(root, 'real.heatproof'), create: true, folders: [root] },
    ...{ workers: 1, backend: 'wasm' as const },
  })
  const { handlers } = engine
  try {
    const base64 = Buffer.from(writeModel(linearModel(10))).toString('base64')
    const model = await handlers['models.import']({
      fileName: 'linear.safetensors',
      base64,
      layout: 'heatproof',
    })
    for (const target of ['label', 3] as const) {
      const request = {
        modelIds: [model.id],
        methods: METHODS,
        dataset: 'mnist-3-digits-maj',
        count: 5,
        target,
      }
      await engine.waitFor((await handlers['runs.start'](RunRequest.parse(request))).jobId)
    }
    const path = writeFolder(join(root, 'arrays'), arrayFiles())
    await engine.waitFor((await handlers['imports.start']({ path, options: {}, createdBy: 'Ada' })).jobId)
    const { jobId } = await handlers['exports.start'](requestFor(root, { images: false }))
    expect(await engine.waitFor(jobId)).toMatchObject({ status: 'done' })
  } finally {
    await engine.close()
  }
})

function verify(set: string, ...args: string[]) {
  return spawnSync(process.execPath, [CLI, 'verify', set, '--backend', 'wasm', ...args], { encoding: 'utf8' })
}

test('maps that the models give for the inputs are the same, and imported ones are named', () => {
  const { status, stdout } = verify(join(root, 'set'), '--recompute', '--json')
  expect(status).toBe(0)
  const { recomputed } = JSON.parse(stdout) as { recomputed: RecomputedSet }
  expect(recomputed).toMatchObject({ backend: 'wasm', tolerance: 1e-4 })
  const own = recomputed.maps.filter(({ reason }) => reason === null)
  expect(own.map(({ method }) => method).sort()).toEqual([...METHODS].sort())
  for (const { difference, compared, maps } of own) {
    expect(difference).toBeLessThan(1e-6)
    expect([compared, maps]).toEqual([9, 9])
  }
  const others = recomputed.maps.filter(({ reason }) => reason !== null)
  expect(others).toMatchObject([
    {
      method: 'import:ig',
      maps: 6,
      compared: 0,
      difference: null,
      reason: 'the set does not have this network',
    },
    { method: 'import:shap:positive', difference: null },
  ])
})

test('a map that differs is found with its model, method and number, unless another sample is drawn', async () => {
  const copy = join(mkdtempSync(join(root, 'copy-')), 'set')
  cpSync(join(root, 'set'), copy, { recursive: true })
  const listed = await listFolder(copy, ['manifest.json'])
  const path = join(copy, listed.find((file) => file.path.endsWith('/gi.npy'))?.path ?? '')
  const bytes = readFileSync(path)
  const last = bytes.length - 28 * 84 * 4
  const pixel = Array.from({ length: 28 * 84 }, (_, index) => last + 4 * index).find(
    (at) => bytes.readFloatLE(at) !== 0,
  )
  bytes.writeFloatLE(bytes.readFloatLE(pixel ?? 0) + 0.5, pixel)
  writeFileSync(path, bytes)
  const manifestPath = join(copy, 'manifest.json')
  const manifest = JSON.parse(readFileSync(manifestPath, 'utf8')) as Record<string, unknown>
  writeFileSync(
    manifestPath,
    JSON.stringify({ ...manifest, files: await listFolder(copy, ['manifest.json']) }),
  )

  const found = verify(copy, '--recompute')
  expect(found.status).toBe(1)
  expect(found.stdout).toMatch(/gi +9 +\d\.\de[-+]\d +differs, the most in map \d+/)
  expect(found.stderr).toMatch(/other maps of gi by .*e\.g\. map \d+/)
  const few = verify(copy, '--recompute', '--sample', '2')
  expect(few.stdout).toMatch(/gi +2 of 9 .*the same/)
  expect(few.status).toBe(0)
  expect(verify(copy, '--sample', '2').status).toBe(2)
})
