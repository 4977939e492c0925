/** Where a picture lies in its window: screen pixels a picture pixel, and the place of its upper left corner. */
export interface View {
  scale: number
  x: number
  y: number
}

export interface Size {
  width: number
  height: number
}

const LARGEST = 64

/** The largest view that shows the whole picture, in whole screen pixels where there is room for that. */
export function fitView(window: Size, picture: Size): View {
  const exact = Math.min(window.width / picture.width, window.height / picture.height)
  const scale = Math.max(0.01, exact >= 2 ? Math.floor(exact) : exact)
  return {
    scale,
    x: Math.round((window.width - scale * picture.width) / 2),
    y: Math.round((window.height - scale * picture.height) / 2),
  }
}

/** Keeps at least a part of the picture in the window. */
export function confine(view: View, window: Size, picture: Size): View {
  const [width, height] = [view.scale * picture.width, view.scale * picture.height]
  const edge = 0.25
  const within = (at: number, size: number, room: number) =>
    Math.min(room - edge * Math.min(size, room), Math.max(edge * Math.min(size, room) - size, at))
  return {
    scale: view.scale,
    x: within(view.x, width, window.width),
    y: within(view.y, height, window.height),
  }
}

/** Zooms by a factor so that the picture's point under (x, y) stays there. Not further out than the fit. */
export function zoomAt(view: View, x: number, y: number, factor: number, window: Size, picture: Size): View {
  const least = fitView(window, picture)
  const scale = Math.min(LARGEST, Math.max(least.scale, view.scale * factor))
  if (scale === least.scale) return least
  const grown = scale / view.scale
  return confine({ scale, x: x - (x - view.x) * grown, y: y - (y - view.y) * grown }, window, picture)
}

export function pan(view: View, dx: number, dy: number, window: Size, picture: Size): View {
  return confine({ scale: view.scale, x: view.x + dx, y: view.y + dy }, window, picture)
}

/** The picture's pixel under a point of the window, from 0; null beside the picture. */
export function pixelAt(
  view: View,
  point: { x: number; y: number },
  picture: Size,
): { row: number; column: number } | null {
  const row = Math.floor((point.y - view.y) / view.scale)
  const column = Math.floor((point.x - view.x) / view.scale)
  const inside = row >= 0 && row < picture.height && column >= 0 && column < picture.width
  return inside ? { row, column } : null
}

/** The picture's pixels between two points of the window, as a box inside the picture. */
export function boxBetween(
  view: View,
  from: { x: number; y: number },
  to: { x: number; y: number },
  picture: Size,
): { row: number; column: number; height: number; width: number } {
  const cell = (at: number, origin: number, cells: number) =>
    Math.min(cells - 1, Math.max(0, Math.floor((at - origin) / view.scale)))
  const columns = [from.x, to.x].map((at) => cell(at, view.x, picture.width))
  const rows = [from.y, to.y].map((at) => cell(at, view.y, picture.height))
  const [column, row] = [Math.min(...columns), Math.min(...rows)]
  return { row, column, height: Math.max(...rows) - row + 1, width: Math.max(...columns) - column + 1 }
}
