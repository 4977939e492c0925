/** Lines that are kept: what V8 prints when its memory is full is followed by a long trace. */
const KEPT_LINES = 200

/** The last lines of an output that comes in pieces. */
export class LastLines {
  readonly #lines: string[] = []
  /** The line whose end has not come yet. */
  #open = ''

  add(piece: string): void {
    const lines = (this.#open + piece).split(/\r?\n/)
    this.#open = lines.pop() ?? ''
    this.#lines.push(...lines)
    this.#lines.splice(0, this.#lines.length - KEPT_LINES)
  }

  toString(): string {
    return [...this.#lines, this.#open].join('\n').trim()
  }
}
