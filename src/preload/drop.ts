import { MOST_DROPPED } from '../shared/desktop.ts'

/** What is used of a page's drag events. */
export interface DragEvent {
  /** Whether the user dragged, not a script. */
  isTrusted: boolean
  dataTransfer: { types: readonly string[]; files: ArrayLike<File> } | null
  preventDefault: () => void
}

/** What the preload script needs of the page and of Electron to take files that are dropped. */
export interface DropNeeds {
  target: { addEventListener: (type: 'dragover' | 'drop', listener: (event: DragEvent) => void) => void }
  /** Where a file lies; empty for one that a script made. */
  pathOf: (file: File) => string
  /** Never without a path, and of a drop of very many files only the first {@link MOST_DROPPED}. */
  open: (paths: string[]) => void
}

/**
 * Hands the files that the user drags onto the window to its process, which opens the workspaces among them. Nothing else
 * that is dropped leads anywhere.
 */
export function openDropped({ target, pathOf, open }: DropNeeds): void {
  target.addEventListener('dragover', (event) => {
    if (event.dataTransfer?.types.includes('Files')) event.preventDefault()
  })
  target.addEventListener('drop', (event) => {
    if (!event.isTrusted || event.dataTransfer === null || event.dataTransfer.files.length === 0) return
    event.preventDefault()
    const paths = Array.from(event.dataTransfer.files, pathOf).filter((path) => path !== '')
    if (paths.length > 0) open(paths.slice(0, MOST_DROPPED))
  })
}
