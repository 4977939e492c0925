import type { Message } from '../shared/desktop.ts'
import { problemPage, type Problem } from './problem-page.ts'

export interface Page {
  load: (url: string) => void
  currentUrl: () => string
  /** Says something on the page of the engine. */
  say: (message: Message) => void
}

/** What the window shows: the engine's screens, or why there are none. */
export class EngineView {
  readonly #page: Page
  #origin: string | undefined
  /** The address that the page on screen was loaded from. */
  #address: string | undefined
  /** Path of the last screen, where a new start of the engine goes on. */
  #path = '/'

  constructor(page: Page) {
    this.#page = page
  }

  /** Where the engine's pages come from; undefined while none is shown. */
  get origin(): string | undefined {
    return this.#origin
  }

  /** The page that is open stays where the engine came back at its address: it finds the engine by itself. */
  showEngine({ origin, address }: { origin: string; address: string }): void {
    if (this.#showsEngine() && address === this.#address) return
    this.#rememberPath()
    this.#origin = origin
    this.#address = address
    this.#page.load(`${address}&next=${encodeURIComponent(this.#path)}`)
  }

  /** Leaves the page of the engine open, which keeps what is not saved yet, and tells it; else there is a page to read. */
  showRestart(problem: Problem): void {
    if (this.#showsEngine()) this.#page.say({ title: problem.title, detail: problem.detail })
    else this.showProblem(problem)
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

  #showsEngine(): boolean {
    const url = this.#page.currentUrl()
    return this.#origin !== undefined && URL.canParse(url) && new URL(url).origin === this.#origin
  }

  #rememberPath(): void {
    if (!this.#showsEngine()) return
    const { pathname, search } = new URL(this.#page.currentUrl())
    this.#path = pathname + search
  }
}
