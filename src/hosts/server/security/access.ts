import type { FastifyRequest } from 'fastify'
import { isAtLeast, namedIn } from '../../../shared/contract/access.ts'
import type { HandlerInput, ProcedureName } from '../../../shared/contract/contract.ts'
import type { Caller, Standing } from '../../../shared/contract/reviewers.ts'
import { HeatproofError } from '../../../shared/errors.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the guard. */
    caller: Caller
  }
  interface FastifyContextConfig {
    /** The least that a caller must be; a route without it is the owner's alone. */
    may?: Standing
  }
}

const WHO: Readonly<Record<Standing, string>> = { reviewer: 'a reviewer', lead: 'a lead', owner: 'the owner' }

const HOW: Readonly<Record<Standing, string>> = {
  reviewer: 'Ask for a link of your own.',
  lead: 'Ask a lead: they can do it for you, or make you a lead in Settings, Reviewers.',
  owner: 'It is done in the window, or at the address that `heatproof serve` printed.',
}

/** Refuses a caller who may not use the route, before its body is read. @throws HeatproofError `forbidden` */
export function requireStanding({ caller, is404, routeOptions }: FastifyRequest): void {
  const needed = is404 ? 'reviewer' : (routeOptions.config.may ?? 'owner')
  if (isAtLeast(caller.standing, needed)) return
  throw new HeatproofError('forbidden', {
    found: `a request by ${caller.name ?? 'nobody'}, who is ${WHO[caller.standing]} here`,
    expected: `a request by ${WHO[needed]}`,
    advice: HOW[needed],
  })
}

/** Refuses to act, or to look, in the name of somebody else. @throws HeatproofError `forbidden` */
export function requireOwnName<Name extends ProcedureName>(
  { name: own }: Caller,
  procedure: Name,
  input: HandlerInput<Name>,
): void {
  const named = namedIn(procedure, input) ?? own
  if (own === null || named === own) return
  throw new HeatproofError('forbidden', {
    found: `${procedure} in the name of '${named}'`,
    expected: `your own name, '${own}'`,
    advice: 'Reload the page: it may have been opened under another name.',
  })
}
