import { realpathSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import type { WorkspaceChoice } from './arguments.ts'

/** A window on one workspace, with an engine of its own. */
export interface WorkspaceWindow {
  /** Brings it to the front. */
  show: () => void
  /** Waits for what is being saved, and asks where that or a job is in the way. */
  mayClose: () => Promise<boolean>
  /** Closes it without another question; answers when it is gone. */
  close: () => Promise<void>
}

/**
 * Opens a window.
 *
 * @param after its engine may start when the one before it on the same workspace has ended
 * @param onClosed the window is gone; given when its engine has ended
 */
export type CreateWindow<Window> = (
  choice: WorkspaceChoice,
  after: Promise<void>,
  onClosed: (ended: Promise<void>) => void,
) => Window

/** All windows: one a workspace, however its path is written. */
export class WorkspaceWindows<Window extends WorkspaceWindow> {
  readonly #create: CreateWindow<Window>
  readonly #open = new Map<string, Window>()
  readonly #ending = new Map<string, Promise<void>>()

  constructor(create: CreateWindow<Window>) {
    this.#create = create
  }

  get all(): Window[] {
    return [...this.#open.values()]
  }

  /** Shows the window of a workspace, and makes one where there is none. */
  open(choice: WorkspaceChoice): void {
    const file = samePath(choice.workspace)
    const shown = this.#open.get(file)
    if (shown !== undefined) {
      shown.show()
      return
    }
    const before = this.#ending.get(file) ?? Promise.resolve()
    const onClosed = (ended: Promise<void>): void => {
      this.#open.delete(file)
      const forget = ended.then(() => {
        if (this.#ending.get(file) === forget) this.#ending.delete(file)
      })
      this.#ending.set(file, forget)
    }
    this.#open.set(file, this.#create(choice, before, onClosed))
  }

  /** Asks window after window, and closes all where every one may close. */
  async quit(): Promise<boolean> {
    for (const window of this.all) {
      if (!(await window.mayClose())) return false
    }
    await Promise.all(this.all.map((window) => window.close()))
    await Promise.all(this.#ending.values())
    return true
  }
}

/** One name for a file, which need not be there yet. */
function samePath(file: string): string {
  return realOf(file) ?? join(realOf(dirname(resolve(file))) ?? dirname(resolve(file)), basename(file))
}

function realOf(path: string): string | undefined {
  try {
    return realpathSync(path)
  } catch {
    return undefined
  }
}
