const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Waits for Ctrl+C or another polite request to end. */
export function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    const stop = (): void => {
      for (const signal of SIGNALS) process.off(signal, stop)
      resolve()
    }
    for (const signal of SIGNALS) process.on(signal, stop)
  })
}
