import type { FastifyInstance } from 'fastify'
import type { Engine } from '../../engine/api/engine.ts'
import {
  contract,
  type HandlerInput,
  type Output,
  type ProcedureName,
} from '../../shared/contract/contract.ts'
import { ACCESS } from '../../shared/contract/access.ts'
import type { Caller } from '../../shared/contract/reviewers.ts'
import { toBadArgument } from './errors.ts'
import { requireOwnName } from './security/access.ts'
import { bodyLimit } from './security/body-limit.ts'

const PROCEDURES = Object.keys(contract) as ProcedureName[]

/** One `POST /rpc/NAME` a procedure: validated input to the engine's handler, `{ok: true, value}` back. */
export function addProcedures(app: FastifyInstance, engine: Engine, checkOutput: boolean): void {
  for (const name of PROCEDURES) {
    const options = { bodyLimit: bodyLimit(name), config: { may: ACCESS[name].may } }
    app.post(`/rpc/${name}`, options, async (request, reply) => {
      const value = await callProcedure(engine, name, request, checkOutput)
      return reply.header('cache-control', 'no-store').send({ ok: true, value })
    })
  }
}

/** Validates, calls in the caller's name and, on request, validates what comes back. @throws HeatproofError */
async function callProcedure<Name extends ProcedureName>(
  engine: Engine,
  name: Name,
  { body, caller }: { body: unknown; caller: Caller },
  checkOutput: boolean,
): Promise<Output<Name>> {
  const input = contract[name].input.safeParse(body)
  if (!input.success) throw toBadArgument(input.error, `input of ${name}`)
  const data = input.data as HandlerInput<Name>
  requireOwnName(caller, name, data)
  const value = await engine.handlers[name](data, caller)
  return checkOutput ? (contract[name].output.parse(value) as Output<Name>) : value
}
