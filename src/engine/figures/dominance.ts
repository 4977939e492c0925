import type { FigurePicture } from '../../shared/contract/figures.ts'
import { architectureKeyLabel } from '../../shared/names.ts'
import { plural } from '../../shared/units.ts'
import { valueAt as valueOf } from '../review/coded-column.ts'
import { cellsOf, type FigureMaps } from './figure-maps.ts'
import type { FigureContent, FigureInput } from './figure-input.ts'
import { metricColumn, STATE_CODES } from './value-column.ts'

const PICTURES = 12

/** The maps from which the cap takes the most, at most one of a sequence, worst first. */
export function dominanceFigure(input: FigureInput): FigureContent {
  const { maps, tau } = input
  const plain = metricColumn(maps, 'percentage', tau)
  const capped = metricColumn(maps, 'capped_percentage', tau)
  const lossAt = (index: number) => (plain.values[index] ?? NaN) - (capped.values[index] ?? NaN)
  const isDominated = (index: number) =>
    plain.states[index] === STATE_CODES.ok && lossAt(index) > 0 && hasNoNegativeShare(maps, index)
  const isWorse = (a: number, b: number) =>
    round(lossAt(a)) - round(lossAt(b)) ||
    round(plain.values[a] ?? 0) - round(plain.values[b] ?? 0) ||
    (maps.mapIds[b] ?? 0) - (maps.mapIds[a] ?? 0)
  const { count: dominated, rows } = worstOfSequences(maps, isDominated, (a, b) => isWorse(a, b) > 0)
  const worst = rows.sort((a, b) => isWorse(b, a)).slice(0, PICTURES)
  return {
    cells: cellsOf(maps),
    panels: [],
    pictures: worst.map((index) =>
      pictureOf(input, index, plain.values[index] ?? 0, capped.values[index] ?? 0),
    ),
    subject: `The maps from which the cap τ ${tau.toFixed(2)} takes the most of their percentage, at most one of a sequence,`,
    sentences: [
      `The cap takes something from ${plural(dominated, 'map')}; those with a negative share of an item are not among them. Each map has its own colour scale; below its items stand their shares of the relevance, with a dot where the item is of the majority class.`,
    ],
    notes: dominated === 0 && maps.count > 0 ? [`No map has an item above τ ${tau.toFixed(2)}.`] : [],
  }
}

/** Beside a negative share others are larger than they look, and a cap takes from them what was never there. */
function hasNoNegativeShare({ shares, starts, ends }: FigureMaps, row: number): boolean {
  return shares.subarray(starts[row], ends[row]).every((share) => share >= 0)
}

/** Differences in the 12th digit are rounding errors and must not decide the order. */
function round(value: number): number {
  return Math.round(value * 1e12)
}

/** How many maps there are, and the worst of each sequence. */
function worstOfSequences(
  { count, sequences }: FigureMaps,
  isWanted: (row: number) => boolean,
  isWorse: (row: number, than: number) => boolean,
): { count: number; rows: number[] } {
  const worst = new Map<number, number>()
  let wanted = 0
  for (let row = 0; row < count; row += 1) {
    if (!isWanted(row)) continue
    wanted += 1
    const known = worst.get(sequences[row] ?? 0)
    if (known === undefined || isWorse(row, known)) worst.set(sequences[row] ?? 0, row)
  }
  return { count: wanted, rows: [...worst.values()] }
}

function pictureOf(
  { maps, sizeOf }: FigureInput,
  row: number,
  percentage: number,
  capped: number,
): FigurePicture {
  const [start, end] = [maps.starts[row], maps.ends[row]]
  const architecture = valueOf(maps.architecture, row)
  return {
    mapId: maps.mapIds[row] ?? 0,
    dataset: valueOf(maps.dataset, row),
    architecture,
    label: architectureKeyLabel(architecture),
    fold: valueOf(maps.fold, row),
    method: valueOf(maps.method, row),
    sampleLabel: valueOf(maps.label, row),
    ...sizeOf(maps.sampleIds[row] ?? 0),
    shares: [...maps.shares.subarray(start, end)],
    marks: [...maps.marks.subarray(start, end)],
    percentage,
    capped,
  }
}
