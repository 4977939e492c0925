import { isSigned, parseMethod } from '../../shared/methods.ts'
import { wilsonInterval } from './clustered-mean.ts'
import { cellsOf } from './figure-maps.ts'
import type { FigureContent, FigureInput } from './figure-input.ts'
import { besideEachOther, datasetTitle, grouped, methodPanel, metricPanels } from './panels.ts'
import { metricColumn, STATE_CODES, type ValueColumn } from './value-column.ts'

/** How many maps of signed methods have a percentage outside [0, 1], and the percentage of the positive part beside it. */
export async function outOfRangeFigure(input: FigureInput): Promise<FigureContent> {
  const { maps } = input
  const cells = cellsOf(maps).filter(({ method }) => isSigned(parseMethod(method)))
  const outside = outsideColumn(metricColumn(maps, 'percentage', input.tau))
  const rates = grouped(cells, 'dataset').map((group) =>
    methodPanel(maps, group, outside, 'share_out_of_range', {
      interval: wilsonInterval,
      folds: false,
      title: `${datasetTitle(group[0])}: outside [0, 1]`,
    }),
  )
  const positive = await metricPanels(input, cells, 'percentage_positive', {
    titleOf: (dataset) => `${datasetTitle(dataset)}: positive part`,
  })
  return {
    cells,
    panels: besideEachOther(rates, positive),
    subject:
      'Share of maps of signed methods whose percentage leaves [0, 1], and mean percentage of the positive part,',
    sentences: ['Intervals of the shares are Wilson intervals on the effective number of independent maps.'],
    notes: cells.length === 0 ? ['There are no maps of a signed method, such as gi or lrp_a2b1.'] : [],
  }
}

/** 1 where a value is out of range, 0 where it is in it, NaN where there is none. */
function outsideColumn({ values, states }: ValueColumn): ValueColumn {
  return {
    values: values.map((value, index) =>
      Number.isNaN(value) ? NaN : Number(states[index] === STATE_CODES.outOfRange),
    ),
    states,
  }
}
