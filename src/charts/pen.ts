/** What charts need of a canvas, in a browser and in Node: a part of the browsers' 2D context. */
export interface Pen {
  font: string
  fillStyle: unknown
  strokeStyle: unknown
  globalAlpha: number
  lineWidth: number
  textBaseline: string
  textAlign: string
  save: () => void
  restore: () => void
  beginPath: () => void
  closePath: () => void
  moveTo: (x: number, y: number) => void
  lineTo: (x: number, y: number) => void
  rect: (x: number, y: number, width: number, height: number) => void
  arc: (x: number, y: number, radius: number, start: number, end: number) => void
  clip: () => void
  stroke: () => void
  fill: () => void
  setLineDash: (dash: number[]) => void
  fillText: (text: string, x: number, y: number) => void
  measureText: (text: string) => { width: number }
}
