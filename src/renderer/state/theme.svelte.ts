import { z } from 'zod'
import { recall, remember } from '../lib/storage.ts'

const Choice = z.enum(['system', 'dark', 'light'])
export type ThemeChoice = z.infer<typeof Choice>
const STORED = 'heatproof.theme'

/** Dark or light: as chosen here, else as the system says. */
export class Theme {
  #choice: ThemeChoice = $state('system')
  #systemLight = $state(false)

  constructor() {
    this.#choice = recall(STORED, Choice, 'system')
    const query = window.matchMedia('(prefers-color-scheme: light)')
    this.#systemLight = query.matches
    query.addEventListener('change', (event) => {
      this.#systemLight = event.matches
      this.#apply()
    })
    this.#apply()
  }

  get choice(): ThemeChoice {
    return this.#choice
  }

  get shown(): 'dark' | 'light' {
    if (this.#choice !== 'system') return this.#choice
    return this.#systemLight ? 'light' : 'dark'
  }

  choose(choice: ThemeChoice): void {
    this.#choice = choice
    remember(STORED, choice)
    this.#apply()
  }

  toggle(): void {
    this.choose(this.shown === 'dark' ? 'light' : 'dark')
  }

  #apply(): void {
    document.documentElement.dataset.theme = this.shown
  }
}
