import type { ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import { z } from 'zod'
import { contract, type CallInput, type Output, type ProcedureName } from '../../shared/contract/contract.ts'

/** Calls a running server as the window does. */
export interface Client {
  call: <Name extends ProcedureName>(name: Name, input: CallInput<Name>) => Promise<Output<Name>>
  bytes: (path: string) => Promise<ArrayBuffer>
}

const Answer = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), value: z.unknown() }),
  z.object({ ok: z.literal(false), error: z.object({ message: z.string() }) }),
])

/** @param address the one that the server prints, with its token */
export function clientOf(address: string): Client {
  const { origin, searchParams } = new URL(address)
  const headers = { authorization: `Bearer ${searchParams.get('token') ?? ''}` }
  return {
    async call<Name extends ProcedureName>(name: Name, input: CallInput<Name>) {
      const response = await fetch(`${origin}/rpc/${name}`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify(input),
      })
      const answer = Answer.parse(await response.json())
      if (!answer.ok) throw new Error(`${name}: ${answer.error.message}`)
      return contract[name].output.parse(answer.value) as Output<Name>
    },
    bytes: async (path) => (await fetch(origin + path, { headers })).arrayBuffer(),
  }
}

/** The first line that a server prints: its address. */
export async function firstLine(server: ChildProcess): Promise<string> {
  if (server.stdout === null) throw new Error('a server without output')
  for await (const line of createInterface(server.stdout)) return line
  throw new Error('the server ended before it printed its address')
}
