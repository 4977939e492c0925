import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { z } from 'zod'

const Bounds = z.object({ x: z.int(), y: z.int(), width: z.int().min(200), height: z.int().min(200) })
export type Bounds = z.infer<typeof Bounds>

const MOST_RECENT = 10

const KeptState = z.object({
  /** Of the window when it was closed; null: never yet. */
  bounds: Bounds.nullable(),
  maximized: z.boolean(),
  /** Paths of workspaces, the one that was opened last first. */
  recent: z.array(z.string().min(1)).max(MOST_RECENT),
})
/** What the window remembers from one start to the next. */
export type KeptState = z.infer<typeof KeptState>

const NOTHING: KeptState = { bounds: null, maximized: false, recent: [] }

/** From a file; a missing or damaged one is as if nothing was kept. */
export function loadState(file: string): KeptState {
  try {
    return KeptState.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return NOTHING
  }
}

/** Whole or not at all. Where the file cannot be written, the next start remembers less. */
export function saveState(file: string, state: KeptState): void {
  try {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(`${file}.part`, JSON.stringify(state))
    renameSync(`${file}.part`, file)
  } catch {
    // Nothing depends on it.
  }
}

/** What all windows remember, in one file. */
export class KeptStateFile {
  readonly #file: string
  #state: KeptState

  constructor(file: string) {
    this.#file = file
    this.#state = loadState(file)
  }

  get state(): KeptState {
    return this.#state
  }

  /** Stores the state with some of it changed. */
  change(changes: Partial<KeptState>): void {
    this.#state = { ...this.#state, ...changes }
    saveState(this.#file, this.#state)
  }
}

/** With a workspace that is open now. */
export function withRecent(state: KeptState, workspace: string): KeptState {
  const others = state.recent.filter((path) => path !== workspace)
  return { ...state, recent: [workspace, ...others].slice(0, MOST_RECENT) }
}

/** Where the window was, if enough of it to be grabbed is on a display that is there; else undefined. */
export function boundsOnDisplays(bounds: Bounds | null, displays: readonly Bounds[]): Bounds | undefined {
  if (bounds === null) return undefined
  const grabbable = displays.some((display) => {
    const width = overlap(bounds.x, bounds.width, display.x, display.width)
    const top = overlap(bounds.y, 40, display.y, display.height)
    return width >= 100 && top >= 20
  })
  return grabbable ? bounds : undefined
}

function overlap(start: number, length: number, otherStart: number, otherLength: number): number {
  return Math.min(start + length, otherStart + otherLength) - Math.max(start, otherStart)
}
