import { cellsOf } from './figure-maps.ts'
import type { FigureContent, FigureInput } from './figure-input.ts'
import { metricPanels, metricTitle } from './panels.ts'

/** How the values of a metric are spread by method. */
export async function distributionFigure(input: FigureInput): Promise<FigureContent> {
  const { maps, metric, tau } = input
  const cells = cellsOf(maps)
  return {
    cells,
    panels: await metricPanels(input, cells, metric, { spread: true }),
    subject: `${metricTitle(metric, tau)} by method`,
    sentences: [
      'The shape shows how often a value occurs, without the lowest and highest 0.5 % of the maps; thin bars reach from the 5th to the 95th percentile, thick ones from the 25th to the 75th, and the dot is the median.',
    ],
  }
}
