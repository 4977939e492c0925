import { fitCalibration } from '../../engine/calibration/calibrate.ts'
import { syntheticObservations } from './synthetic-observations.ts'

export interface CalibrationRow {
  verdicts: number
  resamples: number
  /** Wall time of a fit, and processor time of the whole process meanwhile; medians over the rounds. */
  seconds: number
  processorSeconds: number
  /** Bound on `processorSeconds`. */
  goal: number
}

const ROUNDS = 3
const GOAL = 4

/** Fits a calibration to made-up verdicts, one round that is not timed before those that are. */
export function benchCalibration({ verdicts = 1000, resamples = 2000 } = {}): CalibrationRow {
  const observations = syntheticObservations(verdicts)
  const fit = () =>
    fitCalibration({
      observations,
      metric: 'capped_percentage',
      mode: 'single_item_dominance',
      seed: 1,
      resamples,
    })
  fit()
  const times = Array.from({ length: ROUNDS }, () => {
    const [start, before] = [performance.now(), process.cpuUsage()]
    fit()
    const { user, system } = process.cpuUsage(before)
    return { seconds: (performance.now() - start) / 1000, processorSeconds: (user + system) / 1e6 }
  })
  const median = (of: 'seconds' | 'processorSeconds') =>
    times.map((time) => time[of]).sort((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? NaN
  return {
    verdicts,
    resamples,
    seconds: median('seconds'),
    processorSeconds: median('processorSeconds'),
    goal: GOAL,
  }
}
