import type { Output } from '../../../shared/contract/contract.ts'

/** What the engine says of a run before it starts. */
export type Estimate = Output<'runs.estimate'>

/** Whether all maps of the run are there already. */
export function isNothingLeft(estimate: Pick<Estimate, 'maps' | 'present'> | null): boolean {
  return estimate !== null && estimate.present >= estimate.maps
}
