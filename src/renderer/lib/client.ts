import { batched, unpackFloats } from './batched.ts'
import type { CallInput, EngineEvent, Output, ProcedureName } from '../../shared/contract/contract.ts'

/** What the window needs of the engine: typed calls and events. lib/rpc.ts and lib/events.ts provide it. */
export interface EngineClient {
  call<Name extends ProcedureName>(name: Name, input: CallInput<Name>): Promise<Output<Name>>
  /** `onEnd`: the engine has closed the stream for good, see lib/events.ts. */
  subscribe(listener: (event: EngineEvent) => void, onEnd?: () => void): () => void
}

async function bytes(path: string): Promise<ArrayBuffer> {
  const response = await fetch(path, { credentials: 'same-origin' })
  if (!response.ok) throw new Error(`${path} answered ${response.status}`)
  return response.arrayBuffer()
}

async function floats(path: string): Promise<Float32Array> {
  return new Float32Array(await bytes(path))
}

/** Most arrays of one request. */
const TOGETHER = 32

/** Arrays that are asked for at the same time come in one answer. */
function fetchFrom(folder: 'maps' | 'samples'): (id: number) => Promise<Float32Array> {
  return batched(async ([first, ...others]) => {
    if (others.length === 0) return [await floats(`/${folder}/${first}.f32`)]
    return unpackFloats(await bytes(`/${folder}.f32?ids=${[first, ...others].join(',')}`))
  }, TOGETHER)
}

/** Relevance of a map, rows x columns, float32. */
export const fetchMap = fetchFrom('maps')

/** Pixels of a sample, rows x columns, float32 in [-1, 1]. */
export const fetchSample = fetchFrom('samples')

/** What one map shows and the other does not, rows x columns, float32: each divided by the sum of its absolute values. */
export function fetchDifference(mapId: number, otherId: number): Promise<Float32Array> {
  return floats(`/maps/${mapId}/minus/${otherId}.f32`)
}
