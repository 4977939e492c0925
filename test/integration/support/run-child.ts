import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

export interface ChildOptions {
  /** Runs as this user, where the test itself may choose: the owner of everything ignores permissions. */
  uid?: number
}

/** Starts a Node process with the given module text; `nextLine` waits for what it prints. */
export function startChild(source: string, { uid }: ChildOptions = {}) {
  const child: ChildProcess = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', '--input-type=module', '--eval', source],
    {
      cwd: new URL('../../..', import.meta.url),
      stdio: ['pipe', 'pipe', 'inherit'],
      ...(uid === undefined ? {} : { uid, gid: uid }),
    },
  )
  if (child.stdout === null) throw new Error('the child has no output')
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return {
    async nextLine(): Promise<string> {
      const { value, done } = await lines.next()
      if (done === true) throw new Error('the child ended without a line')
      return value
    },
    async kill(): Promise<void> {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
  }
}
