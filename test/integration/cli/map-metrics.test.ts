import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { patchGrid } from '../../../src/engine/metrics/patches.ts'
import { randomOrder } from '../../../src/engine/metrics/pixel-flipping.ts'
import { randomMap } from '../../../src/engine/metrics/random-map.ts'
import type { Model } from '../../../src/engine/models/model.ts'
import { createProgram } from '../../../src/hosts/program.ts'
import { runProgram } from '../../../src/hosts/run-program.ts'
import { record } from '../../oracle/reference/explain.ts'
import {
  slowAuc,
  slowEntropy,
  slowGini,
  slowMass,
  slowOrder,
  slowOverlap,
  slowPearson,
  slowRanks,
  slowTopAccuracy,
} from '../../unit/metrics/slow-metrics.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { heatproof } from './heatproof.ts'
import { writeArray, writeToyModel } from './toy-model.ts'

const root = temporaryFolder()
const { vector, model, input } = writeToyModel(root, 'rlstm')
const { rows, columns } = vector.model
const pixels = rows * columns
const N = vector.targets.length

const imageOf = (n: number) => [...vector.images.subarray(n * pixels, (n + 1) * pixels)]
const mapsOf = (method: string) =>
  Array.from({ length: N }, (_, n) => (vector.maps.get(method) ?? []).slice(n * pixels, (n + 1) * pixels))
const writeMaps = (name: string, maps: readonly (readonly number[])[]) =>
  writeArray(join(root, name), {
    dtype: 'float64',
    shape: [maps.length, rows, columns],
    data: Float64Array.from(maps.flat()),
  })

const MARKS = [1, 0, 1]
const marks = writeArray(join(root, 'marks.npy'), {
  dtype: 'uint8',
  shape: [N, 3],
  data: Uint8Array.from(Array.from({ length: N }, () => MARKS).flat()),
})
const labels = join(root, 'labels.txt')
writeFileSync(labels, vector.targets.join('\n'))

/** Pixels from grey value 64 on, in the first and the last third of the columns. */
function strokesOf(image: readonly number[]): number[] {
  return image.map((pixel, at) => {
    const item = Math.floor((at % columns) / (columns / 3))
    return Number((pixel + 1) * 127.5 >= 64 - 1e-4 && MARKS[item] === 1)
  })
}

const SIDE = 3
const FLIPS = 6

/** AOPC with the logits of the float64 reference, one flip after the other. */
function slowAopc(reference: Model, n: number, order: readonly number[]): number {
  const image = imageOf(n)
  const f = () => record(reference, image).logits[vector.targets[n] ?? 0] ?? NaN
  const start = f()
  let drops = 0
  for (const patch of order.slice(0, FLIPS)) {
    const top = Math.floor(patch / (columns / SIDE)) * SIDE
    const left = (patch % (columns / SIDE)) * SIDE
    for (let row = top; row < top + SIDE; row += 1) {
      for (let column = left; column < left + SIDE; column += 1) image[row * columns + column] = -1
    }
    drops += start - f()
  }
  return drops / (FLIPS + 1)
}

/** Sums of a map over the patches. */
function patchSums(map: readonly number[]): number[] {
  const across = columns / SIDE
  const sums = new Array<number>((rows / SIDE) * across).fill(0)
  map.forEach((value, pixel) => {
    const patch =
      Math.floor(Math.floor(pixel / columns) / SIDE) * across + Math.floor((pixel % columns) / SIDE)
    sums[patch] = (sums[patch] ?? 0) + value
  })
  return sums
}

type Values = Record<string, number | null>
interface Table {
  maps: (Values & { states: Record<string, string> })[]
  means: Values
  counts: Record<string, { count: number; undefined: number; noRelevance: number }>
  uniform: Values
  random: Values
  input: Values
  edges: Values
}
interface Report extends Table {
  leftOut: string[]
  flipping: Record<string, unknown>
  agreement: Table & { top: number }
}

function measure(...args: string[]): Report {
  const { status, stdout, stderr } = heatproof('metrics', '--json', ...args)
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  return JSON.parse(stdout) as Report
}

/** Exit code and complaint, without a process of its own. */
async function refusal(...args: string[]): Promise<{ status: number; stderr: string }> {
  let stderr = ''
  const output = { print: () => undefined, printError: (text: string) => (stderr += text) }
  const status = await runProgram(await createProgram(), ['metrics', ...args], output)
  return { status, stderr }
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

describe('heatproof metrics with inputs, a model and other maps', () => {
  const maps = mapsOf('lrp_a1.5b0.5')
  const others = mapsOf('sa')
  const report = measure(
    ...['--maps', writeMaps('maps.npy', maps), '--marks', marks, '--inputs', input],
    ...['--model', model, '--target', labels, '--patch', String(SIDE), '--flips', String(FLIPS)],
    ...['--backend', 'wasm', '--seed', '4', '--baselines', '--compare', writeMaps('others.npy', others)],
  )

  it('agrees with second computations on every map', () => {
    maps.forEach((map, n) => {
      const strokes = strokesOf(imageOf(n))
      const count = strokes.filter((stroke) => stroke === 1).length
      expect(count).toBeGreaterThan(0)
      const positive = map.map((value) => Math.max(value, 0))
      const expected = {
        mass_accuracy: slowMass(positive, strokes),
        mass_accuracy_signed: slowMass(map, strokes),
        rank_accuracy: slowTopAccuracy(map, strokes, count),
        pointing_game: slowTopAccuracy(map, strokes, 1),
        stroke_auc: slowAuc(map, strokes),
        gini: slowGini(map),
        entropy: slowEntropy(map),
      }
      for (const [metric, value] of Object.entries(expected)) {
        expect(report.maps[n]?.[metric], metric).toBeCloseTo(value, 10)
      }
    })
  })

  it('flips patches as the float64 reference does', () => {
    const grid = patchGrid(rows, columns, SIDE)
    maps.forEach((map, n) => {
      const sums = patchSums(map)
      const expected = {
        aopc_morf: slowAopc(vector.model, n, slowOrder(sums)),
        aopc_lerf: slowAopc(vector.model, n, slowOrder(sums.map((sum) => -sum))),
        aopc_random: slowAopc(vector.model, n, [...randomOrder(grid, 4, n)]),
      }
      for (const [metric, value] of Object.entries(expected)) {
        expect(report.maps[n]?.[metric], metric).toBeCloseTo(value, 5)
      }
    })
    expect(report.flipping).toMatchObject({ side: SIDE, flips: FLIPS, seed: 4, model: 'toy-rlstm' })
  })

  it('measures the uniform, random, input and edge maps in the same way', () => {
    const images = maps.map((_, n) => imageOf(n))
    const strokes = images.map(strokesOf)
    const parts = strokes.map((own) => mean(own))
    expect(report.uniform['mass_accuracy']).toBeCloseTo(mean(parts), 10)
    expect(report.uniform['stroke_auc']).toBe(0.5)
    expect(report.uniform['entropy']).toBeCloseTo(Math.log(pixels), 10)
    const noise = images.map((_, n) => [...randomMap(pixels, 4, n)])
    const aucs = noise.map((map, n) => slowAuc(map, strokes[n] ?? []))
    expect(report.random['stroke_auc']).toBeCloseTo(mean(aucs), 10)
    const inputAucs = images.map((image, n) => slowAuc(image, strokes[n] ?? []))
    expect(report.input['stroke_auc']).toBeCloseTo(mean(inputAucs), 10)
    const inputFlips = images.map((image, n) =>
      slowAopc(vector.model, n, slowOrder(patchSums(image.map((pixel) => Math.fround((pixel + 1) / 2))))),
    )
    expect(report.input['aopc_morf']).toBeCloseTo(mean(inputFlips), 5)
    expect(report.edges['gini']).toBeGreaterThan(0)
    expect(report.edges['aopc_random']).toBe(report.means['aopc_random'])
    expect(Object.keys(report.edges)).toEqual(Object.keys(report.means))
  })

  it('compares with the other maps, pair by pair', () => {
    const { agreement } = report
    expect(agreement.top).toBe(Math.round(pixels / 10))
    maps.forEach((map, n) => {
      const other = others[n] ?? []
      expect(agreement.maps[n]?.['pearson']).toBeCloseTo(slowPearson(map, other), 10)
      expect(agreement.maps[n]?.['spearman']).toBeCloseTo(slowPearson(slowRanks(map), slowRanks(other)), 10)
      expect(agreement.maps[n]?.['top_overlap']).toBe(slowOverlap(map, other, agreement.top))
      // Nine rows are too few for the window.
      expect(agreement.maps[n]?.states['ssim']).toBe('undefined')
    })
    expect(agreement.counts['ssim']).toMatchObject({ count: 0, undefined: N })
    expect(agreement.means['ssim']).toBeNull()
    expect(Math.abs(agreement.random['pearson'] ?? NaN)).toBeLessThan(0.3)
  })

  it('leaves out what it has not got, and says what to give', () => {
    const { maps: rows, leftOut } = measure('--maps', join(root, 'maps.npy'), '--marks', marks)
    expect(rows[0]).not.toHaveProperty('mass_accuracy')
    expect(rows[0]).not.toHaveProperty('aopc_morf')
    expect(rows[0]?.['gini']).toBeCloseTo(slowGini(maps[0] ?? []), 10)
    expect(leftOut.join(' ')).toMatch(/--inputs X\.npy.*--model FILE/)
    const { stdout } = heatproof('metrics', '--maps', join(root, 'maps.npy'), '--marks', marks)
    for (const line of leftOut) expect(stdout).toContain(line)
  })

  it('says undefined, not 0, where no majority item has a stroke', () => {
    const black = writeArray(join(root, 'black.npy'), {
      dtype: 'float32',
      shape: [N, rows, columns],
      data: new Float32Array(N * pixels).fill(-1),
    })
    const {
      maps: scored,
      means,
      counts,
    } = measure(...['--maps', join(root, 'maps.npy'), '--marks', marks, '--inputs', black])
    for (const metric of ['mass_accuracy', 'rank_accuracy', 'pointing_game', 'stroke_auc']) {
      expect(scored[0]?.[metric]).toBeNull()
      expect(scored[0]?.states[metric]).toBe('undefined')
      expect(means[metric]).toBeNull()
      expect(counts[metric]).toMatchObject({ count: 0, undefined: N })
    }
  })

  it('prints the agreement alone without marks', () => {
    const files = ['--maps', join(root, 'maps.npy'), '--compare', join(root, 'others.npy')]
    expect(Object.keys(measure(...files))).toEqual(['agreement'])
    const { stdout } = heatproof('metrics', ...files, '--top', '5')
    expect(stdout.split('\n')[0]?.split(/ {2,}/)).toEqual([
      'map',
      'spearman',
      'pearson',
      'top_overlap',
      'ssim',
    ])
    expect(stdout).toContain('the 5 largest pixels')
  })

  it.each([
    ['neither --marks nor --compare', []],
    ['--model without --inputs', ['--marks', marks, '--model', model]],
    ['--baselines without --inputs', ['--marks', marks, '--baselines']],
    ['--top without --compare', ['--marks', marks, '--top', '3']],
    ['1000 flips', ['--marks', marks, '--inputs', input, '--model', model, '--flips', '1000']],
    ['maps of shape', ['--compare', writeMaps('fewer.npy', maps.slice(1))]],
    ['136 largest', ['--compare', join(root, 'others.npy'), '--top', '136']],
    ['in ' + marks, ['--marks', marks, '--inputs', marks]],
  ])('refuses %s', async (found, args) => {
    const { status, stderr } = await refusal('--maps', join(root, 'maps.npy'), ...args)
    expect(status).toBe(2)
    expect(stderr).toContain(found)
  })

  it('refuses a model that reads inputs of another size', async () => {
    const { images } = vector
    const wide = writeArray(join(root, 'wide.npy'), { dtype: 'float32', shape: [1, 9, 45], data: images })
    const wideMarks = writeArray(join(root, 'wide-marks.npy'), {
      dtype: 'uint8',
      shape: [1, 3],
      data: Uint8Array.from(MARKS),
    })
    const { status, stderr } = await refusal(
      ...['--maps', wide, '--marks', wideMarks, '--inputs', wide, '--model', model],
    )
    expect(status).toBe(2)
    expect(stderr).toContain('reads inputs of 9 x 15 pixels; expected one for 9 x 45')
  })
})
