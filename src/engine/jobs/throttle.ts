/** Calls `action` at once and then at most every `milliseconds`, the last request never lost. */
export function throttle(action: () => void, milliseconds: number): () => void {
  let timer: NodeJS.Timeout | null = null
  let again = false
  const fire = () => {
    action()
    timer = setTimeout(() => {
      timer = null
      if (!again) return
      again = false
      fire()
    }, milliseconds)
    timer.unref()
  }
  return () => {
    if (timer === null) fire()
    else again = true
  }
}
