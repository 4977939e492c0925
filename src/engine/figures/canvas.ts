import { fileURLToPath } from 'node:url'
import { createCanvas, GlobalFonts, SvgExportFlag, type Canvas, type SvgCanvas } from '@napi-rs/canvas'
import type { ChartConfiguration } from 'chart.js'
import { Chart } from '../../charts/chart.ts'

/** In CSS pixels. */
export interface Size {
  width: number
  height: number
}

/** The family that charts ask for first. Here it is Inter, which comes with Heatproof, so that figures are alike on every machine. */
const FAMILY = 'system-ui'
for (const font of ['400Regular/Inter_400Regular.ttf', '600SemiBold/Inter_600SemiBold.ttf']) {
  GlobalFonts.registerFromPath(fileURLToPath(import.meta.resolve(`@expo-google-fonts/inter/${font}`)), FAMILY)
}

export function rasterCanvas({ width, height }: Size, scale: number): Canvas {
  return createCanvas(Math.round(width * scale), Math.round(height * scale))
}

/** A canvas that records an SVG with its text as paths, so that it looks the same without the font. */
export function svgCanvas({ width, height }: Size): SvgCanvas {
  return createCanvas(width, height, SvgExportFlag.ConvertTextToPaths)
}

/** Draws a chart on a canvas of its own, whose pixels `use` takes. */
export function drawChart(
  config: ChartConfiguration,
  size: Size,
  scale: number,
  use: (canvas: Canvas) => void,
): void {
  const canvas = rasterCanvas(size, 1)
  withChart(canvas, config, scale, () => use(canvas))
}

/** The content of an SVG of a chart. */
export function chartSvg(config: ChartConfiguration, size: Size): string {
  const canvas = svgCanvas(size)
  return withChart(canvas, config, 1, () => canvas.getContent().toString())
}

/** Chart.js asks of a canvas only what both kinds have; its types name the browsers' one. A chart that ends clears its canvas. */
function withChart<Result>(
  canvas: Canvas | SvgCanvas,
  config: ChartConfiguration,
  scale: number,
  use: () => Result,
): Result {
  const options = { ...config.options, responsive: false, animation: false as const, devicePixelRatio: scale }
  const chart = new Chart(canvas, { ...config, options })
  try {
    return use()
  } finally {
    chart.destroy()
  }
}
