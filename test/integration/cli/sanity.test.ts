import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { SanityCheck } from '../../../src/shared/contract/sanity.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { heatproof } from './heatproof.ts'

const folder = temporaryFolder()
const workspace = join(folder, 'digits.heatproof')
const table = join(folder, 'sanity.csv')
const sanity = (...args: string[]) => heatproof('sanity', '--workspace', workspace, ...args)

beforeAll(() => {
  expect(heatproof('init', workspace)).toMatchObject({ status: 0 })
  const model = join('resources', 'models', 'deep-mnist-3-digits-maj-seq-12-fold-1.safetensors')
  expect(heatproof('models', '--workspace', workspace, '--import', model)).toMatchObject({ status: 0 })
})

describe('heatproof sanity', () => {
  test('compares layer by layer, prints JSON and writes the same numbers as CSV', () => {
    const { status, stdout } = sanity(
      '--model',
      '1',
      '--methods',
      'gb',
      '--count',
      '2',
      '--seeds',
      '2',
      '--split',
      'validation',
      '--sample-seed',
      '4',
      '--csv',
      table,
      '--json',
    )
    expect(status).toBe(0)
    const check = SanityCheck.parse(JSON.parse(stdout))
    expect(check.stages.map(({ name }) => name)).toEqual([
      'original',
      'logits',
      'out1',
      'hidden',
      'state',
      'in1',
    ])
    expect(check.request).toMatchObject({
      methods: ['gb', 'random'],
      seeds: 2,
      split: 'validation',
      sampleSeed: 4,
    })
    expect(check.stages[1]?.values[0]?.count).toBe(4)
    const lines = readFileSync(table, 'utf8').trim().split('\n')
    expect(lines).toHaveLength(1 + check.stages.flatMap(({ values }) => values).length)
    for (const { method, metric, mean } of check.stages[3]?.values ?? []) {
      expect(
        lines.some(
          (line) => line.includes(`,3,hidden,`) && line.includes(`,${method},${metric},${mean ?? ''},`),
        ),
      ).toBe(true)
    }
  })

  test('refuses what does not fit with exit code 2, before any work', () => {
    const before = readFileSync(table, 'utf8')
    const cases: [string[], RegExp][] = [
      [['--methods', 'gb'], /no --model/],
      [['--model', '1', '--against', '1'], /against itself/],
      [['--model', '1', '--count', '0'], /--count 0/],
      [['--model', '1', '--seeds', '11'], /--seeds 11/],
      [['--model', '1', '--seeds', '2', '--against', '1'], /--seeds.*--against/],
      [['--model', '1', '--csv', table], /sanity\.csv in .* already/],
      [['--resume'], /no sanity job that is not done/],
    ]
    for (const [args, message] of cases) {
      const { status, stderr } = sanity(...args)
      expect(stderr).toMatch(message)
      expect(status, args.join(' ')).toBe(2)
    }
    expect(readFileSync(table, 'utf8')).toBe(before)
  })

  test('says in its help what it shows, with an example', () => {
    const { stdout } = sanity('--help')
    expect(stdout).toContain('does not show what was learned')
    expect(stdout).toContain('Example: heatproof sanity')
  })
})
