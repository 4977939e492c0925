import type { DominanceVerdict, FigureInput } from '../../../src/engine/figures/figure-input.ts'
import type { FigureMaps } from '../../../src/engine/figures/figure-maps.ts'
import { cosine } from '../../../src/engine/metrics/cosine.ts'
import { dominance } from '../../../src/engine/metrics/dominance.ts'
import { percentage } from '../../../src/engine/metrics/percentage.ts'
import { writerOf } from '../../../src/engine/review/coded-column.ts'

/** A map of three items, the first two of the majority class unless other marks are given; or one without regions. */
export interface SomeMap {
  shares: [number, number, number] | []
  marks?: [number, number, number]
  dataset?: string
  architecture?: string
  method?: string
  fold?: number
  /** Sample, and its base sequence; default: its own. */
  sample?: number
}

/** Maps in columns as figures take them; ids count from 1. */
export function someMaps(rows: readonly SomeMap[]): FigureMaps {
  const column = <Value extends string | number>(valueOf: (map: SomeMap) => Value) => {
    const coded = { codes: new Uint16Array(rows.length), values: [] as Value[] }
    const write = writerOf(coded)
    rows.forEach((map, row) => write(row, valueOf(map)))
    return coded
  }
  const sampleIds = Uint32Array.from(rows, ({ sample }, index) => sample ?? index + 1)
  const marksOf = ({ shares, marks = [1, 1, 0] }: SomeMap) => (shares.length === 0 ? [] : marks)
  const positive = ({ shares }: SomeMap) => {
    const kept = shares.map((share) => Math.max(share, 0))
    const total = kept.reduce((sum, share) => sum + share, 0)
    return kept.map((share) => (total === 0 ? 0 : share / total))
  }
  const formulas = {
    percentage: (map: SomeMap) => percentage(map.shares, marksOf(map)),
    percentage_positive: (map: SomeMap) => percentage(positive(map), marksOf(map)),
    cosine: (map: SomeMap) => cosine(map.shares, marksOf(map)),
    dominance: (map: SomeMap) => dominance(map.shares, marksOf(map)) ?? NaN,
  }
  const stored = new Map<string, (map: SomeMap) => number>(Object.entries(formulas))
  const endOf = (row: number) => rows.slice(0, row + 1).flatMap(({ shares }) => shares).length
  return {
    count: rows.length,
    mapIds: Uint32Array.from(rows.keys(), (row) => row + 1),
    sampleIds,
    sequences: sampleIds,
    sequenceRoom: 1 + Math.max(0, ...sampleIds),
    dataset: column(({ dataset = 'mnist-3-digits-maj' }) => dataset),
    architecture: column(({ architecture = 'deep' }) => architecture),
    method: column(({ method = 'sa' }) => method),
    fold: column(({ fold = 1 }) => fold),
    label: column(() => 7),
    starts: Uint32Array.from(rows.keys(), (row) => endOf(row - 1)),
    ends: Uint32Array.from(rows.keys(), endOf),
    shares: Float64Array.from(rows.flatMap(({ shares }) => shares)),
    sharesPositive: Float64Array.from(rows.flatMap(positive)),
    marks: Uint8Array.from(rows.flatMap(marksOf)),
    peaks: Float64Array.from(rows, ({ shares }) => Math.max(...shares.map(Math.abs))),
    stored: (metric) =>
      Float64Array.from(rows, (map) => (map.shares.length === 0 ? NaN : (stored.get(metric)?.(map) ?? NaN))),
  }
}

/** What a named figure gets, with baselines at 2/3. */
export function someInput(rows: readonly SomeMap[], change: Partial<FigureInput> = {}): FigureInput {
  return {
    maps: someMaps(rows),
    metric: 'percentage',
    tau: 0.8,
    rule: { metric: 'dominance', tau: 0.8, theta: 0.8, direction: 'above', source: 'not calibrated' },
    verdicts: new Map<number, DominanceVerdict>(),
    baselines: () =>
      Promise.resolve([
        { name: 'uniform', value: 2 / 3 },
        { name: 'random', value: 0.66 },
      ]),
    sizeOf: () => ({ rows: 28, columns: 84 }),
    networks: [],
    rest: () => undefined,
    ...change,
  }
}
