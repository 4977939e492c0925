import { cellsOf } from './figure-maps.ts'
import type { FigureContent, FigureInput } from './figure-input.ts'
import { besideEachOther, datasetTitle, metricPanels } from './panels.ts'

/** The plain percentage by method, and beside it the capped one. */
export async function cappedFigure(input: FigureInput): Promise<FigureContent> {
  const cells = cellsOf(input.maps)
  const plain = await metricPanels(input, cells, 'percentage', {
    titleOf: (dataset) => `${datasetTitle(dataset)}: plain`,
  })
  const capped = await metricPanels(input, cells, 'capped_percentage', {
    titleOf: (dataset) => `${datasetTitle(dataset)}: capped at τ ${input.tau.toFixed(2)}`,
  })
  return {
    cells,
    panels: besideEachOther(plain, capped),
    subject: `Mean percentage in the data region by method, plain and capped at τ ${input.tau.toFixed(2)}`,
  }
}
