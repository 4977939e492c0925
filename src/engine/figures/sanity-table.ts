import type { SanityCheck } from '../../shared/contract/sanity.ts'
import { writeCsv } from '../exchange/csv.ts'

const COLUMNS = [
  'model',
  'against',
  'seed',
  'seeds',
  'target',
  'position',
  'stage',
  'accuracy',
  'method',
  'metric',
  'mean',
  'low',
  'high',
  'count',
  'undefined',
  'no_relevance',
]

/** The numbers of a sanity check as CSV, one row a stage, method and metric. */
export function sanityCsv({ model, against, request, stages }: SanityCheck): string {
  const rows = stages.flatMap(({ position, name, accuracy, values }) =>
    values.map((value) => [
      model.name,
      against?.name ?? 'fresh weights',
      against === null ? request.seed : null,
      against === null ? request.seeds : null,
      request.target,
      position,
      name,
      accuracy,
      value.method,
      value.metric,
      value.mean,
      value.low,
      value.high,
      value.count,
      value.undefined,
      value.noRelevance,
    ]),
  )
  return writeCsv(COLUMNS, rows)
}
