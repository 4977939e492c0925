import { errorText } from '../lib/error-text.ts'

export interface Notice {
  id: number
  kind: 'info' | 'success' | 'error'
  title: string
  /** For errors: what was found, expected and can be done. */
  found?: string
  expected?: string
  advice?: string
  action?: { label: string; run: () => void }
}

const SECONDS_SHOWN = { info: 5, success: 5, error: null }

interface Explained {
  message: string
  found: string
  expected: string
  advice: string
}

function isExplained(error: unknown): error is Explained {
  return error instanceof Error && 'found' in error && 'expected' in error && 'advice' in error
}

/** Messages at the lower edge of the window; errors stay until they are closed. What is said again takes the place of what was. */
export class Notices {
  #next = 1
  #list: readonly Notice[] = $state.raw([])

  get list(): readonly Notice[] {
    return this.#list
  }

  show(notice: Omit<Notice, 'id'>): number {
    const id = this.#next++
    const repeated = this.#list.filter((other) => other.kind === notice.kind && other.title === notice.title)
    this.#list = [...this.#list.filter((other) => !repeated.includes(other)), { ...notice, id }].slice(-4)
    const seconds = SECONDS_SHOWN[notice.kind]
    if (seconds !== null) setTimeout(() => this.dismiss(id), 1000 * seconds)
    return id
  }

  /** Shows an error of the engine with all that it says. */
  fail(title: string, error: unknown, action?: Notice['action']): number {
    const told = isExplained(error)
      ? { found: error.found, expected: error.expected, advice: error.advice }
      : { advice: errorText(error) }
    return this.show({ kind: 'error', title, ...told, ...(action ? { action } : {}) })
  }

  dismiss(id: number): void {
    this.#list = this.#list.filter((notice) => notice.id !== id)
  }
}
