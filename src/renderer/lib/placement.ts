/** A rectangle of the window, in pixels. */
export interface Area {
  left: number
  top: number
  width: number
  height: number
}

const GAP = 12
const MARGIN = 8

/**
 * Where something of the given size stands beside an anchor: at its right, left, under it or above it, the first that has room;
 * else over its lower right corner. It never leaves the window.
 */
export function placeBeside(
  anchor: Area,
  size: { width: number; height: number },
  room: { width: number; height: number },
): { left: number; top: number } {
  const right = anchor.left + anchor.width + GAP
  const left = anchor.left - GAP - size.width
  const below = anchor.top + anchor.height + GAP
  const above = anchor.top - GAP - size.height
  const within = (value: number, length: number, whole: number) =>
    Math.max(MARGIN, Math.min(value, whole - length - MARGIN))
  const fits = (value: number, length: number, whole: number) => within(value, length, whole) === value
  const beside = within(anchor.top, size.height, room.height)
  const along = within(anchor.left, size.width, room.width)
  if (fits(right, size.width, room.width)) return { left: right, top: beside }
  if (fits(left, size.width, room.width)) return { left, top: beside }
  if (fits(below, size.height, room.height)) return { left: along, top: below }
  if (fits(above, size.height, room.height)) return { left: along, top: above }
  return {
    left: within(right - 2 * GAP - size.width, size.width, room.width),
    top: within(below - 2 * GAP - size.height, size.height, room.height),
  }
}
