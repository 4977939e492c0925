import type { Profiler } from 'node:inspector'
import { Session } from 'node:inspector/promises'

/** How often the profiler looks, in microseconds. */
const INTERVAL = 200
/** For how long, since a start of the profiler costs time itself. */
const MILLISECONDS = 500

/**
 * Repeats a piece of work under V8's profiler and gives the share of this thread's time that the backend's kernels took, in
 * [0, 1]: native calls and WebAssembly, out of all time that was not idle. The rest is JavaScript and its garbage.
 */
export async function kernelShare(work: () => Promise<unknown>): Promise<number> {
  const session = new Session()
  session.connect()
  try {
    await session.post('Profiler.enable')
    await session.post('Profiler.setSamplingInterval', { interval: INTERVAL })
    await session.post('Profiler.start')
    const until = performance.now() + MILLISECONDS
    while (performance.now() < until) await work()
    const { profile } = await session.post('Profiler.stop')
    return shareOfKernels(profile)
  } finally {
    session.disconnect()
  }
}

export function shareOfKernels({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): number {
  const places = new Map(nodes.map(({ id, callFrame }) => [id, placeOf(callFrame)]))
  const time = { kernels: 0, javascript: 0, idle: 0 }
  samples.forEach((id, index) => {
    time[places.get(id) ?? 'idle'] += timeDeltas[index] ?? 0
  })
  return time.kernels / (time.kernels + time.javascript)
}

/** A binding's functions have neither a name nor a source; V8's own states are named in brackets. */
function placeOf({
  functionName,
  url,
}: Profiler.ProfileNode['callFrame']): 'kernels' | 'javascript' | 'idle' {
  if (['(idle)', '(program)', '(root)'].includes(functionName)) return 'idle'
  return url.startsWith('wasm:') || (url === '' && functionName === '') ? 'kernels' : 'javascript'
}
