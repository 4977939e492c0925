import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { heatproof } from './heatproof.ts'
import { writeArray } from './toy-model.ts'

const root = temporaryFolder()

interface Report {
  tau: number
  maps: (Record<string, unknown> & { shares: number[]; states: Record<string, string> })[]
  means: Record<string, number | null>
  counts: Record<string, { count: number; outOfRange: number; undefined: number; noRelevance: number }>
  uniform: Record<string, number>
  random: Record<string, number>
}

/** Maps of 2 x 6 pixels whose three items have these sums. */
function writeMaps(name: string, sums: readonly (readonly number[])[]): string {
  const data = sums.flatMap((items) => [...items.flatMap((sum) => [sum, 0]), ...items.flatMap(() => [0, 0])])
  return writeArray(join(root, name), {
    dtype: 'float64',
    shape: [sums.length, 2, 6],
    data: Float64Array.from(data),
  })
}

function writeMarks(name: string, marks: readonly (readonly number[])[]): string {
  return writeArray(join(root, name), {
    dtype: 'uint8',
    shape: [marks.length, marks[0]?.length ?? 0],
    data: Uint8Array.from(marks.flat()),
  })
}

function measure(...args: string[]): Report {
  const { status, stdout, stderr } = heatproof('metrics', '--json', ...args)
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  return JSON.parse(stdout) as Report
}

describe('heatproof metrics', () => {
  // The worked examples of the method card.
  const examples = [
    { marks: [1, 0, 1], shares: [0, 0.1, 0.9], cosine: 0.70278 },
    { marks: [1, 1, 0], shares: [0.01, 0.9, 0.09], cosine: 0.71137 },
    { marks: [0, 1, 1], shares: [0.2, 0.3, 0.5], cosine: 0.91766 },
    { marks: [0, 1, 1], shares: [0.05, 0.05, 0.9], cosine: 0.7441 },
    { marks: [0, 1, 1], shares: [0.05, 0.15, 0.8], cosine: 0.82375 },
    { marks: [1, 1, 0], shares: [0, 0, 0], cosine: 0 },
  ]
  const maps = writeMaps(
    'examples.npy',
    examples.map(({ shares }) => shares),
  )
  const marks = writeMarks(
    'marks.npy',
    examples.map(({ marks }) => marks),
  )

  it('gives the worked examples, their means and the baselines', () => {
    const report = measure('--maps', maps, '--marks', marks)
    expect(report.tau).toBe(0.8)
    examples.forEach(({ marks, shares, cosine }, index) => {
      const map = report.maps[index]
      const percentage = marks.reduce((sum, mark, item) => sum + mark * (shares[item] ?? 0), 0)
      const capped = marks.reduce((sum, mark, item) => sum + mark * Math.min(shares[item] ?? 0, 0.8), 0)
      expect(map?.['cosine']).toBeCloseTo(cosine, 5)
      expect(map?.['percentage']).toBeCloseTo(percentage, 12)
      expect(map?.['capped_percentage']).toBeCloseTo(capped, 12)
      expect(map?.['index']).toBe(index)
    })
    expect(report.maps[0]?.['dominance']).toBe(1)
    expect(report.maps[5]).toMatchObject({ dominance: null, states: { dominance: 'no_relevance' } })
    expect(report.counts['dominance']).toEqual({ count: 5, outOfRange: 0, undefined: 0, noRelevance: 1 })
    const cosines = examples.map(({ cosine }) => cosine)
    expect(report.means['cosine']).toBeCloseTo(cosines.reduce((sum, value) => sum + value, 0) / 6, 5)
    expect(report.uniform).toMatchObject({
      percentage: expect.closeTo(2 / 3, 12) as number,
      cosine: expect.closeTo(Math.sqrt(2 / 3), 12) as number,
      dominance: expect.closeTo(1 / 2, 12) as number,
    })
    expect(report.random['percentage']).toBeGreaterThan(0.4)
    expect(report.random['percentage']).not.toBe(report.uniform['percentage'])
  })

  it('caps at another tau', () => {
    const report = measure('--maps', maps, '--marks', marks, '--tau', '0.42')
    expect(report.maps[2]?.['capped_percentage']).toBeCloseTo(0.3 + 0.42, 12)
    expect(report.maps[3]?.['capped_percentage']).toBeCloseTo(0.05 + 0.42, 12)
  })

  it('keeps a value out of range as it is, and counts it', () => {
    const report = measure(
      ...['--maps', writeMaps('signed.npy', [[0.8, -0.7, 0.9]])],
      ...['--marks', writeMarks('signed-marks.npy', [[1, 0, 1]])],
    )
    expect(report.maps[0]).toMatchObject({
      percentage: expect.closeTo(1.7, 12) as number,
      cosine: expect.closeTo(0.8630442404, 9) as number,
      percentage_positive: expect.closeTo(1, 12) as number,
      states: { percentage: 'out_of_range', cosine: 'ok', percentage_positive: 'ok' },
    })
    expect(report.means['percentage']).toBeCloseTo(1.7, 12)
    expect(report.counts['percentage']).toMatchObject({ outOfRange: 1, count: 1 })
  })

  it('takes regions from a file, the same for all maps or one list a map', () => {
    const map = writeMaps('regions.npy', [
      [1, 2, 5],
      [1, 2, 5],
    ])
    const twoMarks = writeMarks('two-marks.npy', [
      [1, 0],
      [1, 0],
    ])
    const box = (column: number, width: number) => ({ row: 0, column, height: 2, width })
    const left = [
      { name: 'left', box: box(0, 2) },
      { name: 'rest', box: box(2, 4) },
    ]
    const right = [
      { name: 'right', box: box(4, 2) },
      { name: 'rest', box: box(0, 4) },
    ]
    const file = join(root, 'regions.json')
    const percentages = (regions: unknown) => {
      writeFileSync(file, JSON.stringify(regions))
      const report = measure('--maps', map, '--marks', twoMarks, '--regions', file)
      return report.maps.map(({ percentage }) => percentage)
    }
    expect(percentages(left)).toEqual([1 / 8, 1 / 8])
    expect(percentages([left, right])).toEqual([1 / 8, 5 / 8])
  })

  it('prints one line a map, the means, the baselines and the counts', () => {
    const { status, stdout } = heatproof('metrics', '--maps', maps, '--marks', marks)
    expect(status).toBe(0)
    const lines = stdout.split('\n').map((line) => line.split(/ {2,}/))
    expect(lines[0]?.slice(0, 4)).toEqual(['map', 'percentage', 'capped_percentage', 'cosine'])
    expect(lines[1]?.slice(0, 4)).toEqual(['0', '0.9000', '0.8000', '0.7028'])
    const titles = lines.slice(7, 13).map(([title]) => title)
    expect(titles).toEqual([
      'mean',
      'uniform',
      'random',
      'out of range (!)',
      'no relevance (0)',
      'undefined (–)',
    ])
  })
})
