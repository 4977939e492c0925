import { setTimeout as sleep } from 'node:timers/promises'
import type { Caller } from '../../../shared/contract/reviewers.ts'
import { HeatproofError } from '../../../shared/errors.ts'
import type { FindCaller } from './callers.ts'
import { WrongTokens } from './wrong-tokens.ts'

/**
 * Lets somebody in by their token, or refuses: a request without a token at once, one with a wrong token later the more
 * often its address has tried.
 *
 * @throws HeatproofError `forbidden`
 */
export type Door = (token: string | undefined, address: string) => Promise<Caller>

/** @param tries counts wrong tokens */
export function openDoor(callerWith: FindCaller, tries = new WrongTokens()): Door {
  return async (token, address) => {
    const caller = callerWith(token)
    if (caller !== undefined) return caller
    if (token !== undefined) await sleep(tries.delayOf(address), undefined, { ref: false })
    throw new HeatproofError('forbidden', {
      found: 'no token, that of an earlier start, or one that was taken back',
      expected: 'the token of this start, or that of a reviewer',
      advice:
        'Open the whole address that `heatproof serve` printed, token included; as a reviewer, ask a lead for a new link.',
    })
  }
}
