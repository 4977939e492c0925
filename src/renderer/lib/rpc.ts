import type { CallInput, Output, ProcedureName, RpcError } from '../../shared/contract/contract.ts'
import { HeatproofError } from '../../shared/errors.ts'

export type Call = <Name extends ProcedureName>(
  name: Name,
  input: CallInput<Name>,
  options?: { signal?: AbortSignal },
) => Promise<Output<Name>>

type Send = (path: string, init: RequestInit) => Promise<Response>

/** Calls a procedure of the engine. @throws HeatproofError the engine's own, or `internal` when it cannot be reached */
export const call: Call = createCall((path, init) => fetch(path, init))

/** A caller over any way to send a request. */
export function createCall(send: Send): Call {
  return async (name, input, { signal } = {}) => {
    const response = await post(send, `/rpc/${name}`, {
      method: 'POST',
      credentials: 'same-origin',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(input),
      ...(signal === undefined ? {} : { signal }),
    })
    return (await readReply(response)) as Output<typeof name>
  }
}

async function post(send: Send, path: string, init: RequestInit): Promise<Response> {
  try {
    return await send(path, init)
  } catch (cause) {
    throw init.signal?.aborted === true ? cause : noAnswer(cause)
  }
}

async function readReply(response: Response): Promise<unknown> {
  const reply = (await response.json().catch(noAnswerBecause)) as
    { ok: true; value: unknown } | { ok: false; error: RpcError }
  if (reply.ok) return reply.value
  const { code, found, expected, advice } = reply.error
  throw new HeatproofError(code, { found, expected, advice })
}

function noAnswerBecause(cause: unknown): never {
  throw noAnswer(cause)
}

function noAnswer(cause: unknown): HeatproofError {
  return new HeatproofError('internal', {
    found: 'no answer from the engine',
    expected: 'a running Heatproof',
    advice: 'It may be starting again: try once more, or start it in its terminal.',
    cause,
  })
}
