/** The taus that calibration tries: .50, .51 .. 1.00. */
export const TAUS: readonly number[] = Array.from({ length: 51 }, (_, step) => (50 + step) / 100)

/** Step of tau .80, the cap before any calibration. */
const DEFAULT_STEP = 30
/** Two AUCs closer than this are a tie. */
const TIE = 1e-12

/** The step (index in `TAUS`) of the largest AUC; ties go to the tau nearest .80, then to the smaller. */
export function bestTauStep(aucs: ArrayLike<number>): number {
  let highest = -Infinity
  for (let step = 0; step < TAUS.length; step += 1) highest = Math.max(highest, aucs[step] ?? 0)
  let best = -1
  for (let step = 0; step < TAUS.length; step += 1) {
    if ((aucs[step] ?? 0) < highest - TIE) continue
    if (best < 0 || Math.abs(step - DEFAULT_STEP) < Math.abs(best - DEFAULT_STEP)) best = step
  }
  return best
}
