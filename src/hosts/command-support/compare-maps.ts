import { agreement, defaultTop } from '../../engine/metrics/agreement.ts'
import { randomMap } from '../../engine/metrics/random-map.ts'
import { HeatproofError } from '../../shared/errors.ts'
import { openMapsFile, slicesOf, type MapsFile } from './maps-file.ts'
import type { MeasuredMaps } from './measured-maps.ts'

/** Pairs that are held in memory at a time. */
const BATCH = 200

/**
 * How far maps agree with other maps of the same samples, pair by pair, beside their agreement with random maps.
 *
 * @param top pixels whose overlap is measured; default: a tenth
 * @throws HeatproofError what opening the maps throws; `bad_file` for maps of another number or size, `bad_argument` for `top`
 */
export async function compareMaps(
  maps: MapsFile,
  otherPath: string,
  { top = defaultTop(maps.rows * maps.columns), seed }: { top: number | undefined; seed: number },
): Promise<MeasuredMaps & { top: number }> {
  const others = await openMapsFile(otherPath)
  try {
    requireSameShape(maps, others)
    const options = { columns: maps.columns, top }
    const measured: MeasuredMaps = { rows: [], baselines: { random: [] } }
    for (const { first, count } of slicesOf(maps.count, BATCH)) {
      const partners = await others.slice(first, count)
      for (const [offset, map] of (await maps.slice(first, count)).entries()) {
        const index = first + offset
        const scores = agreement(map, partners[offset] ?? new Float32Array(), options)
        const random = agreement(map, randomMap(map.length, seed, index), options)
        measured.rows.push({ index, scores })
        measured.baselines['random']?.push(random)
      }
    }
    return { ...measured, top }
  } finally {
    await others.close()
  }
}

function requireSameShape(maps: MapsFile, others: MapsFile): void {
  const shapeOf = ({ count, rows, columns }: MapsFile) => `[${[count, rows, columns].join(', ')}]`
  if (shapeOf(maps) === shapeOf(others)) return
  throw new HeatproofError('bad_file', {
    found: `maps of shape ${shapeOf(others)} in ${others.path}`,
    expected: `${shapeOf(maps)}, as in ${maps.path}`,
    advice: 'Compare maps of the same samples in the same order.',
  })
}
