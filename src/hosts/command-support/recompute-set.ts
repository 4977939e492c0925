import { ComputePool } from '../../engine/compute/pool.ts'
import type { AnySetManifest } from '../../engine/exchange/audited-set-manifest.ts'
import { openSet } from '../../engine/exchange/audited-set-verify.ts'
import { readRecords } from '../../engine/exchange/records/read-records.ts'
import {
  recomputeRecords,
  TOLERANCE,
  type Recomputed,
} from '../../engine/exchange/records/recompute-records.ts'
import { TimeLeft } from '../../engine/jobs/progress.ts'
import { HeatproofError } from '../../shared/errors.ts'
import type { BackendName } from '../../shared/names.ts'
import { plural } from '../../shared/units.ts'
import { interruptible } from './interrupt.ts'
import { ProgressLine } from './progress-line.ts'
import { printTable } from './table.ts'

export interface RecomputedSet {
  backend: BackendName
  device: string
  tolerance: number
  maps: Recomputed[]
}

/** Computes maps of a set again that was compared with its manifest. @throws HeatproofError `bad_file`, `no_backend`, `cancelled` */
export function recomputeSet(
  path: string,
  manifest: AnySetManifest,
  { backend, sample, json }: { backend: BackendName | 'auto'; sample?: number; json?: true },
): Promise<RecomputedSet> {
  return interruptible(async (signal) => {
    const content = await openSet(path)
    const progress = new ProgressLine()
    try {
      const { staged } = await readRecords(path, content, manifest, { signal })
      const timeLeft = new TimeLeft(Date.now())
      const report = (state: { done: number; total: number }) => {
        const secondsLeft = timeLeft.estimate(state, Date.now())
        if (!json) progress.show({ ...state, unit: 'maps', secondsLeft, detail: 'computing again' })
      }
      try {
        const pool = await ComputePool.start({ backend })
        try {
          const maps = await recomputeRecords(staged, {
            ...{ pool, signal, report },
            ...(sample !== undefined && { most: sample }),
          })
          return { backend: pool.backend, device: pool.device, tolerance: TOLERANCE, maps }
        } finally {
          await pool.close()
        }
      } finally {
        await staged.close()
      }
    } finally {
      progress.end()
      await content.close()
    }
  })
}

export function printRecomputed({ backend, device, tolerance, maps }: RecomputedSet): string {
  const rows = maps.flatMap(({ model, method, compared, maps: all, difference, mapId }) => {
    if (difference === null) return []
    const count = compared === all ? String(all) : `${compared} of ${all}`
    const verdict = difference > tolerance ? `differs, the most in map ${mapId ?? ''}` : 'the same'
    return [[model, method, count, difference.toExponential(1), verdict]]
  })
  const others = maps.flatMap(({ model, method, maps: all, reason }) =>
    reason === null ? [] : [`Not computed: ${plural(all, 'map')} of ${method} by ${model}, since ${reason}.`],
  )
  return [
    '',
    `Computed again on ${device} (${backend}); differences are relative to the largest value of each map.`,
    ...(rows.length > 0 ? ['', printTable(['model', 'method', 'maps', 'difference', ''], rows)] : []),
    ...(others.length > 0 ? ['', ...others] : []),
  ].join('\n')
}

/** @throws HeatproofError `verification_failed` where maps differ by more than rounding does */
export function requireSameMaps(path: string, maps: readonly Recomputed[]): void {
  const other = maps.filter(({ difference }) => difference !== null && difference > TOLERANCE)
  const [first] = other
  if (first === undefined) return
  throw new HeatproofError('verification_failed', {
    found: `other maps of ${first.method} by ${first.model}, e.g. map ${first.mapId ?? ''}, in ${path}${other.length > 1 ? `, and of ${other.length - 1} more models and methods` : ''}`,
    expected: `the maps that the models give for the inputs, within ${TOLERANCE} of the largest value`,
    advice: 'Ask whoever wrote the set by which program and version its maps were computed.',
  })
}
