/** Browsers lay out no taller elements: Firefox stops at 17.8 million pixels, Chromium at 33 million. */
const TALLEST = 15e6

export interface GridLayout {
  columns: number
  rowHeight: number
  /** Height of all rows. */
  height: number
  /** Height of what is scrolled: less than that of the rows where these are too many for a browser. */
  scrollHeight: number
}

/** As many cells a row as fit, at least one. */
export function gridLayout(length: number, width: number, cellWidth: number, rowHeight: number): GridLayout {
  const columns = Math.max(1, Math.floor(width / cellWidth))
  const height = Math.ceil(length / columns) * rowHeight
  return { columns, rowHeight, height, scrollHeight: Math.min(height, TALLEST) }
}

/** How many pixels of the rows one of the scroll bar stands for. */
function pace({ height, scrollHeight }: GridLayout, windowHeight: number): number {
  return scrollHeight < height ? (height - windowHeight) / (scrollHeight - windowHeight) : 1
}

/** What of the rows is at the upper edge of the window, in pixels from the first one. */
export function topOf(layout: GridLayout, scrollTop: number, windowHeight: number): number {
  return scrollTop * pace(layout, windowHeight)
}

/** Where to scroll to, so that this is at the upper edge of the window. */
export function scrollTopOf(layout: GridLayout, top: number, windowHeight: number): number {
  return top / pace(layout, windowHeight)
}

/** Positions whose rows are in sight, with `spare` rows above and below; `end` is not included. */
export function visiblePositions(
  layout: GridLayout,
  length: number,
  { top, height, spare }: { top: number; height: number; spare: number },
): { start: number; end: number } {
  const first = Math.max(0, Math.floor(top / layout.rowHeight) - spare)
  const last = Math.ceil((top + height) / layout.rowHeight) + spare
  return {
    start: Math.min(length, first * layout.columns),
    end: Math.min(length, last * layout.columns),
  }
}
