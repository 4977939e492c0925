/**
 * Does one piece of work at a time. What is asked for meanwhile waits, and only the latest of it is done: where somebody
 * passes by, nothing is loaded. Failures are the work's to tell.
 */
export function latestOnly<Asked>(work: (asked: Asked) => Promise<unknown>): (asked: Asked) => void {
  let busy = false
  let waiting: { asked: Asked } | null = null
  const next = () => {
    busy = waiting !== null
    if (waiting === null) return
    const { asked } = waiting
    waiting = null
    work(asked).then(next, next)
  }
  return (asked) => {
    waiting = { asked }
    if (!busy) next()
  }
}
