import { fitInWorker } from '../../engine/calibration/in-worker.ts'
import type { Observation } from '../../engine/calibration/observations.ts'
import { PIXEL_METRICS } from '../../shared/names.ts'
import { syntheticObservations } from './synthetic-observations.ts'

export interface CalibrationRow {
  verdicts: number
  resamples: number
  /** Metrics that are ranked. */
  metrics: number
  /** Wall time of a fit in its thread, and processor time of the whole process meanwhile; medians over the rounds. */
  seconds: number
  processorSeconds: number
  /** Bound on `seconds`. */
  goal: number
}

const ROUNDS = 3
const GOAL = 10

/** Fits a calibration of all metrics to made-up verdicts in a thread, as the app does. */
export async function benchCalibration({ verdicts = 5000, resamples = 2000 } = {}): Promise<CalibrationRow> {
  const observations = syntheticObservations(verdicts).map(withPixelScores)
  const times: { seconds: number; processorSeconds: number }[] = []
  let metrics = 0
  for (let round = 0; round < ROUNDS; round += 1) {
    const [start, before] = [performance.now(), process.cpuUsage()]
    const { ranking } = await fitInWorker({
      ...{ observations, metric: 'capped_percentage', mode: 'single_item_dominance', seed: 1, resamples },
    })
    const { user, system } = process.cpuUsage(before)
    metrics = ranking.length
    times.push({ seconds: (performance.now() - start) / 1000, processorSeconds: (user + system) / 1e6 })
  }
  const median = (of: 'seconds' | 'processorSeconds') =>
    times.map((time) => time[of]).sort((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? NaN
  return {
    ...{ verdicts, resamples, metrics, goal: GOAL },
    seconds: median('seconds'),
    processorSeconds: median('processorSeconds'),
  }
}

/** With a value of every metric by pixel, as maps of a workspace have them. */
function withPixelScores(row: Observation): Observation {
  return {
    ...row,
    pixelScores: PIXEL_METRICS.map((metric, index) => {
      const value = 0.5 + Math.sin(row.mapId * (index + 1.37)) / 2
      return { metric, value, state: 'ok' }
    }),
  }
}
