/** Chosen positions of a list, and the position that a range starts from. */
export interface Selection {
  chosen: ReadonlySet<number>
  anchor: number | null
}

export const NOTHING: Selection = { chosen: new Set(), anchor: null }

export function only(position: number): Selection {
  return { chosen: new Set([position]), anchor: position }
}

/** Adds a position, or takes it away. */
export function toggle(selection: Selection, position: number): Selection {
  const chosen = new Set(selection.chosen)
  if (!chosen.delete(position)) chosen.add(position)
  return { chosen, anchor: position }
}

/** Everything from the anchor to the position, both included, beside what `keep` keeps. */
export function extend(selection: Selection, position: number, keep = false): Selection {
  const anchor = selection.anchor ?? position
  const chosen = new Set(keep ? selection.chosen : [])
  for (let at = Math.min(anchor, position); at <= Math.max(anchor, position); at++) chosen.add(at)
  return { chosen, anchor }
}

export function everything(length: number): Selection {
  return { chosen: new Set(Array.from({ length }, (_, position) => position)), anchor: 0 }
}

/** A quick test whether an id is one of these. */
export function memberOf(ids: readonly number[]): (id: number) => boolean {
  const set = new Set(ids)
  return (id) => set.has(id)
}
