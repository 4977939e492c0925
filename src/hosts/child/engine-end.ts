/** How an engine process ended. */
export interface EngineEnd {
  code: number | null
  signal: string | null
  /** What it printed last. */
  output: string
  /** Why the window ended it; null: it ended by itself, or somebody else ended it. */
  endedFor: 'silence' | 'slow_stop' | null
}

const OUT_OF_MEMORY =
  /JavaScript heap out of memory|Fatal process out of memory|Allocation failed|std::bad_alloc|Cannot allocate memory/
const NATIVE_CRASHES: readonly string[] = ['SIGSEGV', 'SIGABRT', 'SIGBUS', 'SIGILL', 'SIGFPE', 'SIGTRAP']

/** Names the cause of an end in one or two sentences. */
export function describeEnd({ code, signal, output, endedFor }: EngineEnd): string {
  if (endedFor === 'silence') return 'It hung: it had not answered for too long, so it was ended.'
  if (endedFor === 'slow_stop') return 'It did not end when it was asked to, so it was ended.'
  if (OUT_OF_MEMORY.test(output)) return 'It ran out of memory. Smaller runs, or fewer workers, need less.'
  if (signal === 'SIGKILL') {
    return 'It was killed (SIGKILL), by somebody or by the system, which does that when memory is short.'
  }
  if (signal !== null && NATIVE_CRASHES.includes(signal)) return `It crashed in native code (${signal}).`
  if (signal !== null) return `It was ended by ${signal}.`
  return code === null ? 'It could not be started.' : `It ended with code ${code}.`
}
