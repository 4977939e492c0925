import type { Database } from 'better-sqlite3'
import { z } from 'zod'
import { Reviewer, type Role } from '../../shared/contract/reviewers.ts'
import { execute, insert, now, selectAll } from './statements.ts'

const COLUMNS = 'id, name, role, created_at AS createdAt, last_seen_at AS lastSeenAt'

const WithHash = Reviewer.extend({ tokenHash: z.instanceof(Uint8Array) })

/** Everybody who has a token, in alphabetical order. */
export function listReviewers(database: Database): Reviewer[] {
  return selectAll(database, Reviewer, `SELECT ${COLUMNS} FROM reviewers ORDER BY name`)
}

/** The same with the SHA-256 of the tokens. */
export function listTokenHashes(database: Database): z.infer<typeof WithHash>[] {
  return selectAll(database, WithHash, `SELECT ${COLUMNS}, token_hash AS tokenHash FROM reviewers`)
}

export function insertReviewer(database: Database, name: string, role: Role, tokenHash: Uint8Array): number {
  return insert(
    database,
    'INSERT INTO reviewers (name, role, token_hash, created_at) VALUES (@name, @role, @tokenHash, @createdAt)',
    { name, role, tokenHash, createdAt: now() },
  )
}

/** Takes the token back; nothing of what the reviewer decided is touched. */
export function deleteReviewer(database: Database, id: number): void {
  execute(database, 'DELETE FROM reviewers WHERE id = @id', { id })
}

export function setRole(database: Database, id: number, role: Role): void {
  execute(database, 'UPDATE reviewers SET role = @role WHERE id = @id', { id, role })
}

export function setTokenHash(database: Database, id: number, tokenHash: Uint8Array): void {
  execute(database, 'UPDATE reviewers SET token_hash = @tokenHash WHERE id = @id', { id, tokenHash })
}

export function setLastSeen(database: Database, name: string): void {
  execute(database, 'UPDATE reviewers SET last_seen_at = @at WHERE name = @name', { name, at: now() })
}
