import { problemPage, type Problem } from './problem-page.ts'

export interface Page {
  load: (url: string) => void
  currentUrl: () => string
}

/** What the window shows: the engine's screens, or why there are none. */
export class EngineView {
  readonly #page: Page
  #origin: string | undefined
  /** Path of the last screen, where a new start of the engine goes on. */
  #path = '/'

  constructor(page: Page) {
    this.#page = page
  }

  /** Where the engine's pages come from; undefined while there is none. */
  get origin(): string | undefined {
    return this.#origin
  }

  showEngine({ origin, address }: { origin: string; address: string }): void {
    this.#origin = origin
    this.#page.load(`${address}&next=${encodeURIComponent(this.#path)}`)
  }

  showProblem(problem: Problem): void {
    this.#rememberPath()
    this.#origin = undefined
    this.#page.load(problemPage(problem))
  }

  /** Another workspace starts at its first screen. */
  forgetPath(): void {
    this.#origin = undefined
    this.#path = '/'
  }

  #rememberPath(): void {
    const url = this.#page.currentUrl()
    if (this.#origin === undefined || !URL.canParse(url)) return
    const { origin, pathname, search } = new URL(url)
    if (origin === this.#origin) this.#path = pathname + search
  }
}
