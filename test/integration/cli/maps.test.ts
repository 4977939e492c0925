import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readNpy } from '../../../src/engine/exchange/npy.ts'
import { randomMap } from '../../../src/engine/metrics/random-map.ts'
import { writeModel } from '../../../src/engine/models/model.ts'
import { largestDifference, largestValue } from '../../oracle/compare.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { heatproof } from './heatproof.ts'
import { writeArray, writeToyModel } from './toy-model.ts'

const root = temporaryFolder()
const newFolder = () => join(mkdtempSync(join(root, 'out-')), 'maps')

const METHODS = ['sa', 'gi', 'gb', 'gb_raw_gates', 'dtd', 'lrp_a1.5b0.5', 'lrp_a2b1', 'lrp_a2b1:plain']

interface Summary {
  inputs: number
  files: string[]
  methods: { method: string; states: Record<string, number>; largestConservationError: number | null }[]
}

const sumOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0)

function floats(folder: string, name: string): { shape: number[]; data: number[] } {
  const { shape, data } = readNpy(readFileSync(join(folder, name)), name)
  return { shape, data: Array.from(data, Number) }
}

describe.each(['deep', 'rlstm'] as const)('heatproof maps of a %s model', (architecture) => {
  const { vector, model, input } = writeToyModel(root, architecture)
  const labels = join(root, `${architecture}-labels.csv`)
  writeFileSync(labels, `${vector.targets.join('\r\n')}\r\n`)
  const { rows, columns, classes } = vector.model
  const out = newFolder()
  const { status, stdout, stderr } = heatproof(
    ...['maps', '--model', model, '--input', input, '--methods', METHODS.join(','), '--out', out],
    ...['--target', labels, '--backend', 'wasm', '--json'],
  )

  it('agrees with an independent implementation', () => {
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    const logits = floats(out, 'logits.npy')
    expect(logits.shape).toEqual([vector.targets.length, classes])
    expect(largestDifference(logits.data, vector.logits)).toBeLessThan(1e-5 * largestValue(vector.logits))
    for (const method of METHODS) {
      const maps = floats(out, `${method.replace(':', '_')}.npy`)
      const expected = vector.maps.get(method) ?? []
      expect(maps.shape).toEqual([vector.targets.length, rows, columns])
      expect(largestDifference(maps.data, expected), method).toBeLessThan(1e-5 * largestValue(expected))
    }
    expect(readdirSync(out)).toHaveLength(METHODS.length + 1)
  })

  it('sums up the states and the conservation of every method', () => {
    const summary = JSON.parse(stdout) as Summary
    expect(summary).toMatchObject({ inputs: vector.targets.length, files: readdirSync(out).sort(byList) })
    for (const { method, states, largestConservationError } of summary.methods) {
      expect(sumOf(Object.values(states))).toBe(vector.targets.length)
      const error = largestError(method)
      if (error === null) expect(largestConservationError).toBeNull()
      else if (error < 1e-5) expect(largestConservationError).toBeLessThan(1e-5)
      else {
        expect(largestConservationError).toBeCloseTo(error, 4)
        expect(states['not_conserved']).toBeGreaterThan(0)
      }
    }
    expect(largestError('lrp_a2b1:plain')).toBeGreaterThan(0.01)

    function largestError(method: string): number | null {
      if (!/^(dtd|lrp)/.test(method)) return null
      const pixels = rows * columns
      const errors = vector.targets.map((target, index) => {
        const start = vector.logits[index * classes + target] ?? 0
        const map = vector.maps.get(method)?.slice(index * pixels, (index + 1) * pixels) ?? []
        return start <= 0 ? 0 : Math.abs(sumOf(map) - start) / start
      })
      return Math.max(...errors)
    }
    function byList(left: string, right: string): number {
      return summary.files.indexOf(left) - summary.files.indexOf(right)
    }
  })
})

describe('heatproof maps', () => {
  const { vector, model, input } = writeToyModel(root, 'deep')
  const { rows, columns, classes } = vector.model
  const run = (out: string, ...args: string[]) =>
    heatproof('maps', '--model', model, '--input', input, '--out', out, '--backend', 'wasm', ...args)

  it.each([
    ['the predicted class by default', [], (row: number[]) => Math.max(...row)],
    ['the class that is named', ['--target', '2'], (row: number[]) => row[2] ?? NaN],
  ])('explains %s', (_, target, explained) => {
    const out = newFolder()
    expect(run(out, '--methods', 'dtd', ...target)).toMatchObject({ status: 0 })
    const { data: logits } = floats(out, 'logits.npy')
    const { data: maps } = floats(out, 'dtd.npy')
    for (let index = 0; index < vector.targets.length; index += 1) {
      const logit = explained(logits.slice(index * classes, (index + 1) * classes))
      const map = maps.slice(index * rows * columns, (index + 1) * rows * columns)
      expect(sumOf(map)).toBeCloseTo(Math.max(logit, 0), 5)
    }
  })

  it('handles more than a batch on all cores in order: each map is that of its row', () => {
    const count = 450
    const pixels = rows * columns
    const images = new Float32Array(count * pixels)
    for (let index = 0; index < count; index += 1) {
      const source = index % 3
      images.set(vector.images.subarray(source * pixels, (source + 1) * pixels), index * pixels)
    }
    const many = writeArray(join(root, 'many.npy'), {
      dtype: 'float32',
      shape: [count, rows, columns],
      data: images,
    })
    const targets = writeArray(join(root, 'targets.npy'), {
      dtype: 'int64',
      shape: [count],
      data: BigInt64Array.from({ length: count }, (_, index) => BigInt(vector.targets[index % 3] ?? 0)),
    })
    const out = newFolder()
    const done = heatproof(
      ...['maps', '--model', model, '--input', many, '--methods', 'lrp_a2b1,random:7', '--out', out],
      ...['--target', targets, '--backend', 'wasm'],
    )
    expect(done.status).toBe(0)
    expect(done.stdout).toContain('450 inputs')
    const expected = vector.maps.get('lrp_a2b1') ?? []
    const bound = 1e-5 * largestValue(expected)
    const { data: maps } = floats(out, 'lrp_a2b1.npy')
    const { data: noise } = floats(out, 'random_7.npy')
    for (let index = 0; index < count; index += 1) {
      const source = index % 3
      const row = (values: readonly number[], at: number) => values.slice(at * pixels, (at + 1) * pixels)
      expect(largestDifference(row(maps, index), row(expected, source))).toBeLessThan(bound)
      expect(row(noise, index)).toEqual([...randomMap(pixels, 7, index)])
    }
  })

  it('leaves older files alone unless it is told to replace them', () => {
    const out = newFolder()
    expect(run(out, '--methods', 'sa')).toMatchObject({ status: 0 })
    const before = readFileSync(join(out, 'sa.npy'))
    const refused = run(out, '--methods', 'sa', '--target', '1')
    expect(refused.status).toBe(2)
    expect(refused.stderr).toContain('--force')
    expect(readFileSync(join(out, 'sa.npy'))).toEqual(before)
    expect(run(out, '--methods', 'sa', '--target', '1', '--force')).toMatchObject({ status: 0 })
    expect(readFileSync(join(out, 'sa.npy'))).not.toEqual(before)
    expect(readdirSync(out).sort()).toEqual(['logits.npy', 'sa.npy'])
  })

  it('says so where there is no evidence', () => {
    const logits = vector.model.weights.get('logits.bias_raw')
    const hopeless = join(root, 'hopeless.safetensors')
    const weights = new Map(vector.model.weights)
    weights.set('logits.bias_raw', { shape: logits?.shape ?? [], data: new Float32Array(classes).fill(50) })
    writeFileSync(hopeless, writeModel({ ...vector.model, weights }))
    const out = newFolder()
    const { status, stdout } = heatproof(
      ...['maps', '--model', hopeless, '--input', input, '--methods', 'dtd', '--out', out],
      ...['--backend', 'wasm', '--json'],
    )
    expect(status).toBe(0)
    expect((JSON.parse(stdout) as Summary).methods).toMatchObject([{ states: { no_evidence: 3, ok: 0 } }])
    expect(floats(out, 'dtd.npy').data.every((value) => value === 0)).toBe(true)
  })

  it('makes no folder when it fails', () => {
    const out = newFolder()
    expect(run(out, '--methods', 'dtd', '--target', '4')).toMatchObject({ status: 2 })
    expect(existsSync(out)).toBe(false)
  })
})
