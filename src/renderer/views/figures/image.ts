import type { ChartConfiguration } from 'chart.js'
import { withPaperColours, type Colours } from '../../charts/colours.ts'

/** The panels of a figure. */
export type Figure = readonly ((colours: Colours) => ChartConfiguration)[]

/** Size of a panel in CSS pixels, and how many pixels of the image stand for one: 300 dots an inch at print size. */
const WIDTH = 760
const HEIGHT = 440
const SCALE = 3
const MARGIN = 20

/** Draws the panels of a figure one below the other, dark on white, whatever the theme of the app. */
async function draw(panels: Figure): Promise<Blob> {
  if (panels.length === 0) throw new Error('There is no figure yet.')
  const { Chart } = await import('../../../charts/chart.ts')
  const image = document.createElement('canvas')
  image.width = (WIDTH + 2 * MARGIN) * SCALE
  image.height = panels.length * (HEIGHT + 2 * MARGIN) * SCALE
  const context = image.getContext('2d')
  if (context === null) throw new Error('The browser gives no canvas to draw on.')
  withPaperColours((colours) => {
    context.fillStyle = colours('--surface-1')
    context.fillRect(0, 0, image.width, image.height)
    for (const [index, configure] of panels.entries()) {
      const canvas = document.createElement('canvas')
      canvas.width = WIDTH
      canvas.height = HEIGHT
      const config = configure(colours)
      const options = { ...config.options, responsive: false, devicePixelRatio: SCALE }
      const chart = new Chart(canvas, { ...config, options })
      context.drawImage(canvas, MARGIN * SCALE, (index * (HEIGHT + 2 * MARGIN) + MARGIN) * SCALE)
      chart.destroy()
    }
  })
  return new Promise((resolve, reject) => {
    image.toBlob((blob) => {
      if (blob === null) reject(new Error('The browser could not make a PNG of the figure.'))
      else resolve(blob)
    }, 'image/png')
  })
}

/** Puts a picture that the engine draws on the clipboard, as a PNG. */
export async function copyPicture(address: string): Promise<void> {
  const picture = fetch(address).then((answer) => {
    if (answer.ok) return answer.blob()
    throw new Error(`The engine answered ${answer.status}.`)
  })
  await navigator.clipboard.write([new ClipboardItem({ 'image/png': picture })])
}

/** Saves the figure as a PNG file. */
export async function saveImage(figure: Figure, fileName: string): Promise<void> {
  const address = URL.createObjectURL(await draw(figure))
  const link = document.createElement('a')
  link.href = address
  link.download = fileName
  link.click()
  setTimeout(() => URL.revokeObjectURL(address), 10_000)
}
