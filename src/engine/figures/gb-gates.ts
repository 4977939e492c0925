import { architectureKeyLabel, parseArchitectureKey } from '../../shared/names.ts'
import { cellsOf, type Cell } from './figure-maps.ts'
import type { FigureContent, FigureInput } from './figure-input.ts'
import { missingNote } from './missing.ts'
import { besideEachOther, grouped, metricInText, metricPanels } from './panels.ts'
import { pairedPanel, type PairedLine } from './paired-panel.ts'
import { metricColumn } from './value-column.ts'

const METHODS = ['sa', 'sa_const_gates', 'gb_raw_gates', 'gb'] as const
const ARCHITECTURES = ['deep', 'rlstm']

/** What one change of the method alone does: with gates held constant, and with guidance. */
const EFFECTS = [
  { name: 'gates, without guidance', first: 'sa_const_gates', second: 'sa' },
  { name: 'gates, with guidance', first: 'gb', second: 'gb_raw_gates' },
  { name: 'guidance, raw gates', first: 'gb_raw_gates', second: 'sa' },
  { name: 'guidance, constant gates', first: 'gb', second: 'sa_const_gates' },
] as const

/** Deep against R-LSTM by the four methods that tell the effect of the gates from that of guidance. */
export async function gbGatesFigure(input: FigureInput): Promise<FigureContent> {
  const { maps, metric, tau } = input
  const cells = cellsOf(maps).filter(
    ({ architecture, method }) =>
      ARCHITECTURES.includes(parseArchitectureKey(architecture)?.architecture ?? '') &&
      METHODS.some((known) => known === method),
  )
  const panels = await metricPanels(input, cells, metric, { methods: METHODS })
  const column = metricColumn(maps, metric, tau)
  const effects = grouped(cells, 'dataset').flatMap(([dataset, own]) =>
    pairedPanel(maps, column, {
      dataset,
      title: 'what gates and guidance add',
      quantity: metric,
      valueTitle: `difference of ${metricInText(metric, tau)}`,
      categories: EFFECTS.map(({ name }) => name),
      lines: grouped(own, 'architecture').map(effectsOf),
    }),
  )
  return {
    cells,
    panels: besideEachOther(panels, effects),
    subject: `Mean ${metricInText(metric, tau)} of Deep and R-LSTM by sensitivity analysis and guided backprop, each with the derivatives of the gates and with constant gates,`,
    sentences: [
      'The differences are between maps of the same sequence by two methods that differ in one thing: whether gates are constant, or whether gradients are guided.',
    ],
    notes: missingNote(cells, ARCHITECTURES, METHODS),
  }
}

function effectsOf([architecture, cells]: [string, Cell[]]): PairedLine {
  const cellOf = (method: string) => cells.find((cell) => cell.method === method)
  return {
    architecture,
    label: architectureKeyLabel(architecture),
    pairs: EFFECTS.flatMap(({ name, ...methods }) => {
      const [first, second] = [cellOf(methods.first), cellOf(methods.second)]
      return first === undefined || second === undefined ? [] : [{ category: name, first, second }]
    }),
  }
}
