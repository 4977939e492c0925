export interface GridLayout {
  columns: number
  rowHeight: number
  /** Height of the whole grid, for the scroll bar. */
  height: number
}

/** As many cells a row as fit, at least one. */
export function gridLayout(length: number, width: number, cellWidth: number, rowHeight: number): GridLayout {
  const columns = Math.max(1, Math.floor(width / cellWidth))
  return { columns, rowHeight, height: Math.ceil(length / columns) * rowHeight }
}

/** Positions whose rows are in sight, with `spare` rows above and below; `end` is not included. */
export function visiblePositions(
  layout: GridLayout,
  length: number,
  scrollTop: number,
  windowHeight: number,
  spare = 3,
): { start: number; end: number } {
  const first = Math.max(0, Math.floor(scrollTop / layout.rowHeight) - spare)
  const last = Math.ceil((scrollTop + windowHeight) / layout.rowHeight) + spare
  return {
    start: Math.min(length, first * layout.columns),
    end: Math.min(length, last * layout.columns),
  }
}
