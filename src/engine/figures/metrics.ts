import { cellsOf } from './figure-maps.ts'
import type { FigureContent, FigureInput } from './figure-input.ts'
import { metricInText, metricPanels } from './panels.ts'

/** The mean of a metric by method. */
export async function metricsFigure(input: FigureInput): Promise<FigureContent> {
  const { maps, metric, tau } = input
  const cells = cellsOf(maps)
  return {
    cells,
    panels: await metricPanels(input, cells, metric),
    subject: `Mean ${metricInText(metric, tau)} by method`,
  }
}
