import { createHash } from 'node:crypto'
import type { CalibrationFit, Reproduction } from '../../shared/contract/calibration.ts'

/** Fields that are named where a fit differs. */
const MOST_NAMED = 20

/** @param stored JSON of the version @param again the new fit @param kept the stored fit, as it is read */
export function compareBytes(stored: string, again: CalibrationFit, kept: CalibrationFit): Reproduction {
  const text = JSON.stringify(again)
  const identical = text === stored
  return {
    identical,
    stored: sha256(stored),
    now: sha256(text),
    differences: identical ? [] : differingPaths(JSON.parse(stored), JSON.parse(text)).slice(0, MOST_NAMED),
    reasons: identical ? [] : reasonsFor(again, kept),
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function reasonsFor(again: CalibrationFit, kept: CalibrationFit): string[] {
  const [before, after] = [kept.code, again.code]
  const reasons: string[] = []
  if (before === null)
    reasons.push('The version was fitted before the program kept its own version with a fit.')
  else if (before.method !== after?.method) {
    reasons.push(
      `It was fitted by revision ${before.method} of the method (Heatproof ${before.version}); this is revision ${after?.method ?? '?'}.`,
    )
  } else if (before.version !== after.version) {
    reasons.push(`It was fitted by Heatproof ${before.version}; this is ${after.version}.`)
  }
  if (again.verdictHash !== kept.verdictHash) reasons.push('Its verdicts are not the same rows any more.')
  return reasons
}

/** Paths at which two JSON values differ, in the order of the first; fields that one of them lacks are named too. */
export function differingPaths(first: unknown, second: unknown, path = ''): string[] {
  if (!isObject(first) || !isObject(second)) return Object.is(first, second) ? [] : [path]
  const keys = [...new Set([...Object.keys(first), ...Object.keys(second)])]
  const found = keys.flatMap((key) =>
    differingPaths(first[key], second[key], path === '' ? key : `${path}.${key}`),
  )
  return found.length > 0 || keys.join() === Object.keys(second).join()
    ? found
    : [`${path === '' ? 'fit' : path} (order of fields)`]
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
