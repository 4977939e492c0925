/** From the first to the last, both included. */
type Range = readonly [first: number, last: number]

/** Chosen positions of a list, however long it is, and the position that a range starts from. */
export interface Selection {
  /** Ascending, with a gap between each and the next. */
  ranges: readonly Range[]
  anchor: number | null
}

export const NOTHING: Selection = { ranges: [], anchor: null }

export function only(position: number): Selection {
  return { ranges: [[position, position]], anchor: position }
}

export function everything(length: number): Selection {
  return length === 0 ? NOTHING : { ranges: [[0, length - 1]], anchor: 0 }
}

export function isChosen({ ranges }: Selection, position: number): boolean {
  return ranges.some(([first, last]) => first <= position && position <= last)
}

export function countChosen({ ranges }: Selection): number {
  return ranges.reduce((sum, [first, last]) => sum + last - first + 1, 0)
}

/** Adds a position, or takes it away. */
export function toggle(selection: Selection, position: number): Selection {
  const ranges = isChosen(selection, position)
    ? selection.ranges.flatMap((range) => without(range, position))
    : merged(selection.ranges, [position, position])
  return { ranges, anchor: position }
}

/** Everything from the anchor to the position, both included, beside what `keep` keeps. */
export function extend(selection: Selection, position: number, keep = false): Selection {
  const anchor = selection.anchor ?? position
  const range: Range = [Math.min(anchor, position), Math.max(anchor, position)]
  return { ranges: merged(keep ? selection.ranges : [], range), anchor }
}

function without([first, last]: Range, position: number): Range[] {
  if (position < first || last < position) return [[first, last]]
  const [before, after]: [Range, Range] = [
    [first, position - 1],
    [position + 1, last],
  ]
  return [before, after].filter(([start, end]) => start <= end)
}

function merged(ranges: readonly Range[], added: Range): Range[] {
  const [first, last] = added
  const meets = ([start, end]: Range) => start <= last + 1 && first <= end + 1
  const together = [...ranges.filter(meets), added]
  const union: Range = [
    Math.min(...together.map(([start]) => start)),
    Math.max(...together.map(([, end]) => end)),
  ]
  return [...ranges.filter((range) => !meets(range)), union].sort((a, b) => a[0] - b[0])
}

/** A quick test whether an id is one of these. */
export function memberOf(ids: readonly number[]): (id: number) => boolean {
  const set = new Set(ids)
  return (id) => set.has(id)
}
