import { statSync } from 'node:fs'
import { basename, isAbsolute } from 'node:path'
import type { Message } from '../shared/desktop.ts'

/** Each workspace takes a window and an engine of its own. */
const MOST_AT_ONCE = 5

export interface Dropped {
  /** Paths of what is opened. */
  workspaces: string[]
  /** What the page says about everything else; null: nothing was left. */
  refusal: Message | null
}

/** Sorts what was dragged onto a window: only files that end in `.heatproof` open, also by a link, and only a few at once. */
export function sortDropped(paths: readonly string[]): Dropped {
  const workspaces = [...new Set(paths.filter(isWorkspaceFile))]
  if (workspaces.length > MOST_AT_ONCE) {
    const title = `None of ${workspaces.length} workspaces was opened`
    const detail = `Each takes a window and an engine of its own. Drop up to ${MOST_AT_ONCE} at once.`
    return { workspaces: [], refusal: { title, detail } }
  }
  const others = paths.filter((path) => !workspaces.includes(path))
  return { workspaces, refusal: refusalOf(others) }
}

function refusalOf([first, ...more]: readonly string[]): Message | null {
  if (first === undefined) return null
  const name = `“${basename(first).slice(0, 80)}”`
  return {
    title:
      more.length === 0 ? `${name} is no workspace` : `${name} and ${more.length} more are no workspaces`,
    detail: 'A workspace is a file that ends in .heatproof. Maps, sets and networks come in under Runs.',
  }
}

/** Neither a folder nor a pipe or device, on which an engine would wait for ever. */
function isWorkspaceFile(path: string): boolean {
  if (!isAbsolute(path) || !path.endsWith('.heatproof')) return false
  try {
    return statSync(path).isFile()
  } catch {
    return false
  }
}
