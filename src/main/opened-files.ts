import type { App } from 'electron'

/** Workspaces that the system asks to open, as macOS does for a file that is double-clicked: also before the app is ready. */
export class OpenedFiles {
  readonly #waiting: string[] = []
  #open: ((workspace: string) => void) | undefined

  constructor(app: Pick<App, 'on'>) {
    app.on('open-file', (event, path) => {
      event.preventDefault()
      if (!path.endsWith('.heatproof')) return
      if (this.#open === undefined) this.#waiting.push(path)
      else this.#open(path)
    })
  }

  /** Opens those that came before, and all that follow; answers how many came before. */
  start(open: (workspace: string) => void): number {
    this.#open = open
    const files = this.#waiting.splice(0)
    files.forEach(open)
    return files.length
  }
}
