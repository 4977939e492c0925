import { figureChart, legendChart, legendOf, panelRange } from '../../charts/figure-chart.ts'
import { paletteColours, type FigureTheme } from '../../charts/palettes.ts'
import type { Figure } from '../../shared/contract/figures.ts'
import { HeatproofError } from '../../shared/errors.ts'
import { chartSvg, drawChart, rasterCanvas, svgCanvas, type Size } from './canvas.ts'
import { drawPictures, gridSize, type MapImage } from './picture-grid.ts'

export interface FigureLook {
  theme: FigureTheme
  /** Of a PNG, in pixels; its height follows. Default: three times the size on screen, 300 dots an inch in print. */
  width?: number | undefined
}

const MARGIN = 20
const LEGEND = 44
const DEFAULT_SCALE = 3

/** Where the panels of a figure stand, in CSS pixels. */
interface Layout extends Size {
  columns: number
  panel: Size
}

/** Up to four panels are large, more are small ones in rows of three. */
function layoutOf(panels: number): Layout {
  const small = panels > 4
  const columns = small ? 3 : Math.min(2, panels)
  const panel = small ? { width: 480, height: 320 } : { width: 720, height: 420 }
  const rows = Math.ceil(panels / columns)
  return {
    columns,
    panel,
    width: columns * (panel.width + MARGIN) + MARGIN,
    height: rows * (panel.height + MARGIN) + MARGIN + LEGEND,
  }
}

/** The part of a figure that is drawn at a place. */
interface Piece {
  left: number
  top: number
  size: Size
  config: ReturnType<typeof figureChart>
}

function piecesOf(figure: Figure, layout: Layout, theme: FigureTheme): Piece[] {
  const colours = paletteColours(theme)
  const { columns, panel: size, width, height } = layout
  const charts = figure.panels.map((panel, index): Piece => {
    const left = MARGIN + (index % columns) * (size.width + MARGIN)
    const top = MARGIN + Math.floor(index / columns) * (size.height + MARGIN)
    return {
      left,
      top,
      size,
      config: figureChart(panel, panelRange(figure, panel), colours, figure.networks),
    }
  })
  const legend = {
    left: MARGIN,
    top: height - LEGEND,
    size: { width: width - 2 * MARGIN, height: LEGEND },
    config: legendChart(legendOf(figure), colours, figure.networks),
  }
  return [...charts, legend]
}

/** The figure as a PNG. @throws HeatproofError `not_found` where there is nothing to draw */
export async function figurePng(
  figure: Figure,
  { theme, width }: FigureLook,
  imageOf: MapImage,
): Promise<Uint8Array> {
  requireContent(figure)
  const colours = paletteColours(theme)
  const layout = figure.panels.length > 0 ? layoutOf(figure.panels.length) : null
  const size = layout ?? framed(gridSize(figure.pictures))
  const scale = width === undefined ? DEFAULT_SCALE : width / size.width
  const canvas = rasterCanvas(size, scale)
  const context = canvas.getContext('2d')
  context.fillStyle = colours('--surface-1')
  context.fillRect(0, 0, canvas.width, canvas.height)
  if (layout !== null) {
    for (const { left, top, size: room, config } of piecesOf(figure, layout, theme)) {
      drawChart(config, room, scale, (chart) => {
        context.drawImage(chart, Math.round(left * scale), Math.round(top * scale))
      })
    }
  } else {
    context.scale(scale, scale)
    context.translate(MARGIN, MARGIN)
    await drawPictures(context, figure.pictures, imageOf, colours)
  }
  return canvas.encode('png')
}

/** The figure as an SVG whose text is paths. @throws HeatproofError `not_found` where there is nothing to draw */
export async function figureSvg(figure: Figure, { theme }: FigureLook, imageOf: MapImage): Promise<string> {
  requireContent(figure)
  const colours = paletteColours(theme)
  if (figure.panels.length === 0) {
    const grid = gridSize(figure.pictures)
    const canvas = svgCanvas(grid)
    await drawPictures(canvas.getContext('2d'), figure.pictures, imageOf, colours)
    const piece = { left: MARGIN, top: MARGIN, size: grid, svg: canvas.getContent().toString() }
    return composeSvg(framed(grid), [piece], colours('--surface-1'))
  }
  const layout = layoutOf(figure.panels.length)
  const pieces = piecesOf(figure, layout, theme).map(({ config, ...place }) => ({
    ...place,
    svg: chartSvg(config, place.size),
  }))
  return composeSvg(layout, pieces, colours('--surface-1'))
}

function framed({ width, height }: Size): Size {
  return { width: width + 2 * MARGIN, height: height + 2 * MARGIN }
}

/** One SVG of several, each at its place. Their ids are made different, since all are in one document. */
function composeSvg(
  { width, height }: Size,
  pieces: readonly (Omit<Piece, 'config'> & { svg: string })[],
  background: string,
): string {
  const inner = pieces.map(({ left, top, size, svg }, index) => {
    const body = svg
      .slice(svg.indexOf('>', svg.indexOf('<svg')) + 1, svg.lastIndexOf('</svg>'))
      .replace(/\bid="/g, `id="p${index}-`)
      .replace(/url\(#/g, `url(#p${index}-`)
      .replace(/href="#/g, `href="#p${index}-`)
    return `<svg x="${left}" y="${top}" width="${size.width}" height="${size.height}">${body}</svg>`
  })
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<rect width="100%" height="100%" fill="${background}"/>`,
    ...inner,
    '</svg>',
    '',
  ].join('\n')
}

function requireContent({ name, panels, pictures, caption, notes }: Figure): void {
  if (panels.length > 0 || pictures.length > 0) return
  throw new HeatproofError('not_found', {
    found: `nothing to draw for the figure ${name}: ${[caption, ...notes].join(' ')}`,
    expected: 'a workspace with maps that it is about',
    advice: 'Widen the filter, or make the maps with a run.',
  })
}
