import { HeatproofError } from '../../src/shared/errors.ts'

/** The HeatproofError that an action throws; anything else fails the test. */
export function errorOf(action: () => unknown): HeatproofError {
  try {
    action()
  } catch (error) {
    if (error instanceof HeatproofError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

/** The HeatproofError that a promise rejects with; anything else fails the test. */
export async function rejectionOf(promise: Promise<unknown>): Promise<HeatproofError> {
  try {
    await promise
  } catch (error) {
    if (error instanceof HeatproofError) return error
    throw error
  }
  throw new Error('nothing was rejected')
}
