import { z } from 'zod'
import { Empty, Id, Instant, PersonName } from './common.ts'

export const ROLES = ['reviewer', 'lead'] as const
export const Role = z.enum(ROLES)
export type Role = z.infer<typeof Role>

/** Somebody who opens the workspace by a link of their own. */
export const Reviewer = z.object({
  id: Id,
  name: z.string(),
  role: Role,
  createdAt: Instant,
  /** When they last opened the app; null: never. */
  lastSeenAt: Instant.nullable(),
})
export type Reviewer = z.infer<typeof Reviewer>

/** The token is in this one answer and nowhere else: the workspace keeps its SHA-256 alone. */
export const ReviewerWithToken = Reviewer.extend({ token: z.string() })
export type ReviewerWithToken = z.infer<typeof ReviewerWithToken>

/** Code with which the event stream of a token that was taken back is closed (RFC 6455: policy violation). */
export const TAKEN_BACK = 1008

/** What one may do: the owner is whoever holds the token of this start, or the workspace's file. */
export const STANDINGS = [...ROLES, 'owner'] as const
export const Standing = z.enum(STANDINGS)
export type Standing = z.infer<typeof Standing>

/** Who calls. */
export interface Caller {
  standing: Standing
  /** The one name that the caller acts under; null: any, which is the owner's to choose. */
  name: string | null
}

/** The window, the command line, and whoever opens the address that `heatproof serve` prints. */
export const OWNER: Caller = { standing: 'owner', name: null }

export const reviewersContract = {
  'reviewers.list': { input: Empty, output: z.array(Reviewer) },
  'reviewers.add': {
    input: z.object({ name: PersonName, role: Role.default('reviewer') }),
    output: ReviewerWithToken,
  },
  'reviewers.setRole': { input: z.object({ id: Id, role: Role }), output: Reviewer },
  /** A new token; the old one is worth nothing from now on. */
  'reviewers.renew': { input: z.object({ id: Id }), output: ReviewerWithToken },
  /** Takes the token back; what the reviewer decided stays. */
  'reviewers.remove': { input: z.object({ id: Id }), output: z.array(Reviewer) },
}
