import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { heatproof } from './heatproof.ts'
import { writeArray, writeToyModel } from './toy-model.ts'

const root = temporaryFolder()

interface Extreme {
  value: number
  input: number
}

interface Report {
  model: string
  inputs: number
  holds: boolean
  methods: {
    method: string
    states: Record<string, number>
    outOfRange: number
    negative: Extreme | null
    sumError: Extreme | null
    kept: { epsilon: number; bias: number } | null
    worstNode: (Extreme & { name: string }) | null
    problems: string[]
  }[]
}

const { vector, model, input } = writeToyModel(root, 'convrlstm')
const target = writeArray(join(root, 'labels.npy'), {
  dtype: 'int32',
  shape: [vector.targets.length],
  data: Int32Array.from(vector.targets),
})

function check(methods: string, ...more: string[]) {
  const files = ['--model', model, '--input', input, '--target', target, '--backend', 'wasm']
  return heatproof('check', ...files, '--methods', methods, ...more)
}

describe('heatproof check', () => {
  it('reports totals, nodes, signs and what was kept, and exits with 0 when all holds', () => {
    const methods = 'sa,dtd,lrp_a2b1,lrp_a2b1:plain,lrp_eps:0.01,ig:64,random'
    const { status, stdout, stderr } = check(methods, '--json')
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    const report = JSON.parse(stdout) as Report
    expect(report).toMatchObject({ inputs: vector.targets.length, holds: true })
    const of = (method: string) => report.methods.find((row) => row.method === method)
    expect(report.methods.map(({ method }) => method)).toEqual([
      ...['sa', 'dtd', 'lrp_a2b1', 'lrp_a2b1:plain', 'lrp_eps', 'ig', 'random'],
    ])
    for (const id of ['dtd', 'lrp_a2b1', 'lrp_eps']) {
      expect(of(id)?.sumError?.value, id).toBeLessThan(1e-4)
      expect(of(id)?.worstNode?.value, id).toBeLessThan(1e-4)
      expect(of(id)?.worstNode?.name, id).toMatch(/\(node \d+\)$/)
    }
    expect(of('ig')?.sumError?.value).toBeLessThan(0.01)
    expect(of('sa')).toMatchObject({ sumError: null, worstNode: null, kept: null, negative: null })
    expect(of('lrp_a2b1:plain')?.problems).toEqual([])

    const kept = vector.kept['lrp_eps:0.01']
    const starts = vector.targets.map((t, n) => vector.logits[n * vector.model.classes + t] ?? 0)
    const mean = (part: readonly number[]) =>
      part.reduce((sum, value, n) => sum + value / (starts[n] ?? NaN), 0) / starts.length
    expect(Math.min(...starts)).toBeGreaterThan(0)
    expect(of('lrp_eps')?.kept?.epsilon).toBeCloseTo(mean(kept?.epsilon ?? []), 4)
    expect(of('lrp_eps')?.kept?.bias).toBeCloseTo(mean(kept?.bias ?? []), 4)
  })

  it('prints a table for people', () => {
    const { status, stdout } = check('dtd,lrp_eps')
    expect(status).toBe(0)
    expect(stdout).toMatch(/^method +ok +no evidence +warning +not conserved +out of range +largest error$/m)
    expect(stdout).toMatch(/^dtd: worst node .+ \(node \d+\), \d\.\de-\d+, input \d$/m)
    expect(stdout).toMatch(/^lrp_eps: epsilon kept -?\d+\.\d % and the biases -?\d+\.\d % of the logit$/m)
    expect(stdout).toMatch(/^All holds\.$/m)
  })

  it('exits with 1 when something does not hold, and says what', () => {
    const { status, stdout, stderr } = check('ig:1,sa')
    expect(status).toBe(1)
    expect(stdout).toMatch(/^ig:1: WRONG: \d maps are not complete, the worst is that of input \d$/m)
    expect(stderr).toMatch(/ig:1: \d maps are not complete/)
  })

  it.each([
    ['a method that is none', ['--methods', 'grad-cam'], /grad-cam/],
    ['an option that does not fit', ['--methods', 'ig:0'], /number of steps '0'/],
    ['inputs that are missing', ['--input', join(root, 'none.npy')], /none\.npy/],
    ['a class that the model lacks', ['--target', '4'], /--target 4/],
  ])('exits with 2 for %s', (_, change, message) => {
    const { status, stdout, stderr } = heatproof('check', '--model', model, '--input', input, ...change)
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(stderr).toMatch(message)
  })
})
