/** What computes, as far as it is known. */
export interface KnownDevice<Device> {
  /** null until it is known. @throws once why it could not be found out; asked again, it is tried again */
  current: () => Device | null
  close: () => void
}

/** How long the first answers and pictures have the processor to themselves, in milliseconds. */
const PATIENCE = 1000

/**
 * Finds out what computes when somebody first asks, without letting them wait: loading a backend takes longer than opening a
 * workspace.
 *
 * @param onKnown told when there is something to ask for
 */
export function knownDevice<Device>(
  find: () => Promise<Device>,
  onKnown: () => void,
  patience = PATIENCE,
): KnownDevice<Device> {
  let device: Device | null = null
  let problem: { reason: unknown } | null = null
  let timer: ReturnType<typeof setTimeout> | null = null
  const start = async () => {
    try {
      device = await find()
    } catch (reason) {
      problem = { reason }
    }
    onKnown()
  }
  return {
    current() {
      timer ??= setTimeout(() => void start(), patience)
      if (problem === null) return device
      const { reason } = problem
      problem = null
      timer = null
      throw reason
    },
    close() {
      clearTimeout(timer ?? undefined)
    },
  }
}
