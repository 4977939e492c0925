import type { Engine } from '../../../engine/api/engine.ts'
import { hashToken, isTokenOf } from '../../../engine/token.ts'
import { OWNER, type Caller } from '../../../shared/contract/reviewers.ts'

/** Who brings this token; undefined: nobody. Asked anew every time, so that a token that is taken back is dead at once. */
export type FindCaller = (token: string | undefined) => Caller | undefined

/** The owner by the token of this start, reviewers by their own. */
export function callersOf(engine: Engine, ownerToken: string): FindCaller {
  const ownerHash = hashToken(ownerToken)
  return (token) => {
    if (token === undefined) return undefined
    return isTokenOf(token, ownerHash) ? OWNER : engine.reviewerWith(token)
  }
}
