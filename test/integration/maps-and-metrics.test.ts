import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { npyFloats, readNpy, writeNpy } from '../../src/engine/exchange/npy.ts'
import { writeModel } from '../../src/engine/models/model.ts'
import { largestDifference, largestValue } from '../oracle/compare.ts'
import { readVector } from '../oracle/vectors.ts'

const CLI = fileURLToPath(new URL('../../src/hosts/cli.ts', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'heatproof-maps-'))
const path = (name: string) => join(folder, name)
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

function heatproof(...args: string[]): string {
  return execFileSync(process.execPath, [CLI, ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
}

describe('heatproof maps', () => {
  const methods = ['sa', 'gi', 'gb', 'gb_raw_gates', 'dtd', 'lrp_a1.5b0.5', 'lrp_a2b1', 'lrp_a2b1:plain']

  it.each(['deep', 'rlstm'] as const)('writes the maps and logits of the oracle for %s', (architecture) => {
    const { model, images, targets, logits, maps } = readVector(architecture)
    const shape = [targets.length, model.rows, model.columns]
    writeFileSync(path('model.safetensors'), writeModel(model))
    writeFileSync(path('x.npy'), writeNpy({ dtype: 'float32', shape, data: images }))
    writeFileSync(path('labels.csv'), `${targets.join('\n')}\n`)
    const out = path(architecture)
    heatproof(
      ...['maps', '--model', path('model.safetensors'), '--input', path('x.npy'), '--backend', 'wasm'],
      ...['--methods', methods.join(','), '--target', path('labels.csv'), '--out', out],
    )
    for (const method of methods) {
      const file = `${method.replace(':', '_')}.npy`
      const array = readNpy(readFileSync(join(out, file)), file)
      const expected = maps.get(method) ?? []
      expect(array.shape).toEqual(shape)
      expect(largestDifference(npyFloats(array, file), expected)).toBeLessThan(1e-5 * largestValue(expected))
    }
    const written = readNpy(readFileSync(join(out, 'logits.npy')), 'logits.npy')
    expect(largestDifference(npyFloats(written, 'logits.npy'), logits)).toBeLessThan(
      1e-5 * largestValue(logits),
    )
  })
})

describe('heatproof metrics', () => {
  it('gives the worked examples of the cosine similarity', () => {
    const marks = [1, 0, 1, 1, 1, 0, 0, 1, 1]
    const shares = [0, 0.1, 0.9, 0.01, 0.9, 0.09, 0.2, 0.3, 0.5]
    const data = Float32Array.from(shares)
    writeFileSync(path('r.npy'), writeNpy({ dtype: 'float32', shape: [3, 1, 3], data }))
    writeFileSync(path('m.npy'), writeNpy({ dtype: 'uint8', shape: [3, 3], data: Uint8Array.from(marks) }))
    const printed = heatproof('metrics', '--maps', path('r.npy'), '--marks', path('m.npy'), '--json')
    const numbers = [...printed.matchAll(/0\.\d+/g)].map(([text]) => Number(text))
    for (const cosine of [0.70278, 0.71137, 0.91766]) {
      expect(numbers.some((number) => Math.abs(number - cosine) < 5e-6)).toBe(true)
    }
  })
})
