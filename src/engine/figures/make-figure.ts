import type { Figure } from '../../shared/contract/figures.ts'
import { FIGURE_TEXTS, type FigureName } from '../../shared/figures.ts'
import { PIXEL_METRICS } from '../../shared/names.ts'
import { figureCaption, type CaptionFacts } from './figure-caption.ts'
import type { FigureInput } from './figure-input.ts'
import type { Cell, FigureMaps } from './figure-maps.ts'
import { FIGURES } from './figures.ts'

/** A named figure with its caption and notes. Without maps it says so and is empty. */
export async function makeFigure(
  name: FigureName,
  input: FigureInput,
  facts: Omit<CaptionFacts, 'maps' | 'sequences'>,
): Promise<Figure> {
  const content = await FIGURES[name](input)
  const { cells, panels, pictures = [], notes = [] } = content
  const maps = cells.reduce((sum, { rows }) => sum + rows.length, 0)
  const sequences = sequencesOf(input.maps, cells)
  return {
    name,
    title: FIGURE_TEXTS[name].title,
    tau: input.tau,
    caption: figureCaption(content, { ...facts, maps, sequences }),
    notes: [...notes, ...undefinedNote(panels)],
    maps,
    panels,
    pictures,
    networks: [...input.networks],
  }
}

function sequencesOf({ sequences, sequenceRoom }: FigureMaps, cells: readonly Cell[]): number {
  const seen = new Uint8Array(sequenceRoom)
  for (const { rows } of cells) for (const row of rows) seen[sequences[row] ?? 0] = 1
  return seen.reduce((sum, one) => sum + one, 0)
}

/** What helps where nothing of a figure has a value. */
function undefinedNote(panels: Figure['panels']): string[] {
  const points = panels.flatMap(({ series }) => series.flatMap((line) => line.points))
  if (panels.length === 0 || points.some(({ mean, noRelevance }) => mean !== null || noRelevance > 0))
    return []
  const isByPixel = panels.some(({ quantity }) => PIXEL_METRICS.some((metric) => metric === quantity))
  return [
    isByPixel
      ? 'No map has a value of this metric: `heatproof score` measures maps that were made before it was there.'
      : 'No map has a value: shares need regions that say where evidence is, which an import takes in beside images and maps.',
  ]
}
