import type { FastifyInstance } from 'fastify'
import type { Engine } from '../../engine/api/engine.ts'
import {
  contract,
  type HandlerInput,
  type Output,
  type ProcedureName,
} from '../../shared/contract/contract.ts'
import { toBadArgument } from './errors.ts'
import { bodyLimit } from './security/body-limit.ts'

const PROCEDURES = Object.keys(contract) as ProcedureName[]

/** One `POST /rpc/NAME` a procedure: validated input to the engine's handler, `{ok: true, value}` back. */
export function addProcedures(app: FastifyInstance, engine: Engine, checkOutput: boolean): void {
  for (const name of PROCEDURES) {
    app.post(`/rpc/${name}`, { bodyLimit: bodyLimit(name) }, async (request, reply) => {
      const value = await callProcedure(engine, name, request.body, checkOutput)
      return reply.header('cache-control', 'no-store').send({ ok: true, value })
    })
  }
}

/** Validates, calls and, on request, validates what comes back. @throws HeatproofError */
export async function callProcedure<Name extends ProcedureName>(
  engine: Engine,
  name: Name,
  body: unknown,
  checkOutput: boolean,
): Promise<Output<Name>> {
  const input = contract[name].input.safeParse(body)
  if (!input.success) throw toBadArgument(input.error, `input of ${name}`)
  const value = await engine.handlers[name](input.data as HandlerInput<Name>)
  return checkOutput ? (contract[name].output.parse(value) as Output<Name>) : value
}
