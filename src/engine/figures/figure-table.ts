import type { Figure, FigurePanel, FigurePicture, FigurePoint } from '../../shared/contract/figures.ts'
import { writeCsv, type CsvCell } from '../exchange/csv.ts'

const POINT_COLUMNS = [
  'figure',
  'dataset',
  'quantity',
  'tau',
  'source',
  'architecture',
  'category',
  'mean',
  'low',
  'high',
  'interval_over',
  'count',
  'out_of_range',
  'undefined',
  'no_relevance',
  'uniform_mean',
  'random_mean',
]

const SPREAD_COLUMNS = ['percentile_5', 'percentile_25', 'median', 'percentile_75', 'percentile_95']

const PICTURE_COLUMNS = [
  'figure',
  'rank',
  'map_id',
  'dataset',
  'architecture',
  'fold',
  'method',
  'label',
  'tau',
  'percentage',
  'capped_percentage',
  'shares',
  'marks',
]

/** The numbers of a figure as CSV: one row a point; of a figure of pictures, one row a map. */
export function figureCsv(figure: Figure): string {
  if (figure.name === 'dominance') return writeCsv(PICTURE_COLUMNS, figure.pictures.map(pictureRow(figure)))
  const spread = figure.panels.some(({ kind }) => kind === 'distribution')
  const rows = figure.panels.flatMap((panel) => pointRows(figure, panel, spread))
  return writeCsv(spread ? [...POINT_COLUMNS, ...SPREAD_COLUMNS] : POINT_COLUMNS, rows)
}

function pointRows({ name, tau }: Figure, panel: FigurePanel, spread: boolean): CsvCell[][] {
  const { dataset, quantity, categories, baselines, series, by, title } = panel
  const baseline = (wanted: string) => baselines.find((line) => line.name === wanted)?.value
  const method = by === 'position' ? `${title.slice(title.lastIndexOf(': ') + 2)} ` : ''
  return series.flatMap(({ source, architecture, over, points }) =>
    points.map((point) => [
      ...[name, dataset, quantity, tau, source, architecture],
      `${method}${categories[point.category] ?? ''}`,
      ...[point.mean, point.low, point.high, over],
      ...[point.count, point.outOfRange, point.undefined, point.noRelevance],
      ...[baseline('uniform'), baseline('random')],
      ...(spread ? quantilesOf(point) : []),
    ]),
  )
}

function quantilesOf({ spread }: FigurePoint): CsvCell[] {
  return spread?.quantiles ?? SPREAD_COLUMNS.map(() => null)
}

function pictureRow({ name, tau }: Figure) {
  return (picture: FigurePicture, index: number): CsvCell[] => [
    ...[name, index + 1, picture.mapId, picture.dataset, picture.architecture, picture.fold, picture.method],
    ...[picture.sampleLabel, tau, picture.percentage, picture.capped],
    JSON.stringify(picture.shares),
    JSON.stringify(picture.marks),
  ]
}
