import { cellsOf } from './figure-maps.ts'
import type { FigureContent, FigureInput } from './figure-input.ts'
import { metricPanels } from './panels.ts'

/** The cosine similarity of all architectures by all methods. */
export async function cosineFigure(input: FigureInput): Promise<FigureContent> {
  const cells = cellsOf(input.maps)
  return {
    cells,
    panels: await metricPanels(input, cells, 'cosine'),
    subject: 'Mean cosine similarity of item shares and marks by method',
  }
}
