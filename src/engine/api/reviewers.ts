import type { Database } from 'better-sqlite3'
import type { EngineEvent, Handlers } from '../../shared/contract/contract.ts'
import { OWNER, type Caller, type Reviewer, type ReviewerWithToken } from '../../shared/contract/reviewers.ts'
import { HeatproofError } from '../../shared/errors.ts'
import { createToken, hashToken, isTokenOf } from '../token.ts'
import {
  deleteReviewer,
  insertReviewer,
  listReviewers,
  listTokenHashes,
  setRole,
  setTokenHash,
} from '../workspace/reviewers.ts'

export interface ReviewerDependencies {
  database: Database
  emit: (event: EngineEvent) => void
}

type ReviewerNames =
  'reviewers.list' | 'reviewers.add' | 'reviewers.setRole' | 'reviewers.renew' | 'reviewers.remove'

export function reviewerHandlers({ database, emit }: ReviewerDependencies): Handlers<ReviewerNames> {
  const changed = () => emit({ type: 'changed', what: ['reviewers', 'workspace'] })
  return {
    'reviewers.list': () => listReviewers(database),
    'reviewers.add': ({ name, role }) => {
      requireFreeName(database, name)
      const token = createToken()
      const id = insertReviewer(database, name, role, hashToken(token))
      changed()
      return withToken(database, id, token)
    },
    'reviewers.setRole': ({ id, role }, caller) => {
      requireOther(requireReviewer(database, id), caller)
      setRole(database, id, role)
      changed()
      return requireReviewer(database, id)
    },
    'reviewers.renew': ({ id }, caller) => {
      requireOther(requireReviewer(database, id), caller)
      const token = createToken()
      setTokenHash(database, id, hashToken(token))
      changed()
      return withToken(database, id, token)
    },
    'reviewers.remove': ({ id }, caller) => {
      requireOther(requireReviewer(database, id), caller)
      deleteReviewer(database, id)
      changed()
      return listReviewers(database)
    },
  }
}

/** Whose token this is; undefined: nobody's, or no longer. All are compared, so that the duration tells nothing. */
export function reviewerWith(database: Database, token: string): Caller | undefined {
  const [found] = listTokenHashes(database).filter(({ tokenHash }) => isTokenOf(token, tokenHash))
  return found === undefined ? undefined : { standing: found.role, name: found.name }
}

function withToken(database: Database, id: number, token: string): ReviewerWithToken {
  return { ...requireReviewer(database, id), token }
}

function requireReviewer(database: Database, id: number): Reviewer {
  const found = listReviewers(database).find((reviewer) => reviewer.id === id)
  if (found !== undefined) return found
  throw new HeatproofError('not_found', {
    found: `no reviewer ${id}`,
    expected: 'the id of a reviewer of this workspace',
    advice: 'Somebody else may have removed them; see the list of reviewers.',
  })
}

/** Leads who end their own link would be shut out before they have read a new one. @throws HeatproofError `conflict` */
function requireOther({ name }: Reviewer, caller: Caller = OWNER): void {
  if (name !== caller.name) return
  throw new HeatproofError('conflict', {
    found: 'a change of your own link',
    expected: 'the link of somebody else',
    advice: 'Ask another lead or the owner: this page would end with the link that opened it.',
  })
}

/** Two spellings of one name would count as two people. */
function requireFreeName(database: Database, name: string): void {
  const same = listReviewers(database).find((other) => isSameName(other.name, name))
  if (same === undefined) return
  throw new HeatproofError('conflict', {
    found: `the name '${same.name}', which has a link already`,
    expected: 'a name that nobody has yet',
    advice: 'Make a new link for that name, or choose another name.',
  })
}

function isSameName(left: string, right: string): boolean {
  return left.normalize().toLowerCase() === right.normalize().toLowerCase()
}
