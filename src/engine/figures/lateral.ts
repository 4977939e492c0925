import { inUsualOrder } from '../../shared/methods.ts'
import { cellsOf, type Cell } from './figure-maps.ts'
import type { FigureContent, FigureInput } from './figure-input.ts'
import { missingNote } from './missing.ts'
import { besideEachOther, grouped, metricInText, metricPanels } from './panels.ts'
import { pairedPanel } from './paired-panel.ts'
import { metricColumn } from './value-column.ts'

const [PLAIN, LATERAL] = ['convdeep', 'convdeep_lateral'] as const

/** ConvDeep against Conv+Deep, which has lateral connections beside. */
export async function lateralFigure(input: FigureInput): Promise<FigureContent> {
  const { maps, metric, tau } = input
  const cells = cellsOf(maps).filter(({ architecture }) => architecture === PLAIN || architecture === LATERAL)
  const panels = await metricPanels(input, cells, metric)
  const column = metricColumn(maps, metric, tau)
  const differences = grouped(cells, 'dataset').flatMap(([dataset, own]) => {
    const pairs = pairsOf(own)
    return pairedPanel(maps, column, {
      dataset,
      title: 'what lateral connections add',
      quantity: metric,
      valueTitle: `difference of ${metricInText(metric, tau)}`,
      categories: inUsualOrder(pairs.map(({ category }) => category)),
      lines: [{ architecture: LATERAL, label: 'Conv+Deep − ConvDeep', pairs }],
    })
  })
  return {
    cells,
    panels: besideEachOther(panels, differences),
    subject: `Mean ${metricInText(metric, tau)} of ConvDeep and Conv+Deep by method`,
    sentences: ['The differences are between maps of the same sequence and fold.'],
    notes: missingNote(cells, [PLAIN, LATERAL]),
  }
}

function pairsOf(cells: readonly Cell[]) {
  return grouped(cells, 'method').flatMap(([category, own]) => {
    const first = own.find(({ architecture }) => architecture === LATERAL)
    const second = own.find(({ architecture }) => architecture === PLAIN)
    return first === undefined || second === undefined ? [] : [{ category, first, second }]
  })
}
