import type { Engine } from '../../engine/api/engine.ts'
import type { ReportContent } from '../../engine/report/report-page.ts'
import { FigureRequest } from '../../shared/contract/figures.ts'
import { COMPARED, StatisticsRequest } from '../../shared/contract/statistics.ts'
import { FIGURE_NAMES, FIGURE_TEXTS } from '../../shared/figures.ts'
import { parseRequest } from './parse-request.ts'

/** Width of a figure's picture in pixels: twice what the page gives it. */
const WIDTH = 2064

/** Which maps, metric and cap a report is about, as fields of requests; `metric` for the figures whose metric may be chosen. */
export type ReportChoice = Partial<Omit<FigureRequest, 'name'>>

/** Everything that a report tells of a workspace. */
export async function gatherReport(engine: Engine, choice: ReportChoice): Promise<ReportContent> {
  const { handlers } = engine
  const figures: ReportContent['figures'][number][] = []
  for (const name of FIGURE_NAMES) {
    const metric = FIGURE_TEXTS[name].metric === null ? undefined : choice.metric
    const request = parseRequest(FigureRequest, { ...choice, name, metric }, 'report')
    const figure = await handlers['figures.draw'](request)
    const isEmpty = figure.panels.length + figure.pictures.length === 0
    const png = isEmpty ? null : await engine.bulk.figure(request, 'png', { theme: 'light', width: WIDTH })
    figures.push({ figure, png })
  }
  const statistics: ReportContent['statistics'][number][] = []
  for (const compare of COMPARED) {
    const request = parseRequest(StatisticsRequest, { ...choice, compare }, 'report')
    statistics.push(await handlers['figures.statistics'](request))
  }
  return {
    at: new Date().toISOString(),
    workspace: await handlers['workspace.summary']({}),
    figures,
    statistics,
    calibrations: await handlers['calibration.list']({}),
    models: await handlers['models.list']({}),
    runs: await handlers['runs.list']({}),
  }
}
