import { METRICS, VERDICTS } from '../../../shared/names.ts'
import { toBlob } from '../../workspace/blobs.ts'
import { framesOf } from '../../workspace/regions.ts'
import type { SetContext } from '../audited-set-context.ts'
import type { MapRow } from '../audited-set-map-rows.ts'
import { isLatest, verdictPages, type VerdictEntry } from '../audited-set-verdicts.ts'
import type { Form } from './form.ts'
import { createParquetTable, type Column } from './parquet-table.ts'
import { mapPages, samplePages, type SampleRow } from './rows.ts'

const SAMPLES: readonly Column<SampleRow>[] = [
  { name: 'sample_id', type: 'INT32', cell: ({ sample }) => sample.id },
  { name: 'rows', type: 'INT32', cell: ({ sample }) => sample.rows },
  { name: 'columns', type: 'INT32', cell: ({ sample }) => sample.columns },
  { name: 'channels', type: 'INT32', cell: ({ sample }) => sample.channels },
  { name: 'label', type: 'INT32', cell: ({ sample }) => sample.label },
  { name: 'label_name', type: 'STRING', cell: ({ labelName }) => labelName },
  { name: 'regions', type: 'JSON', cell: ({ sample }) => framesOf(sample.regions) },
  { name: 'sample_set', type: 'STRING', cell: ({ set }) => set.name },
  { name: 'dataset', type: 'STRING', cell: ({ set }) => set.dataset },
  { name: 'split', type: 'STRING', cell: ({ set }) => set.split },
  { name: 'fold', type: 'INT32', cell: ({ set }) => set.fold },
  { name: 'set_seed', type: 'INT32', cell: ({ set }) => set.seed },
  { name: 'position', type: 'INT32', cell: ({ sample }) => sample.position },
  { name: 'provenance', type: 'JSON', cell: ({ sample }) => sample.provenance },
  { name: 'input', type: 'BYTE_ARRAY', cell: ({ sample }) => toBlob(sample.input) },
]

const KEYS: readonly Column<MapRow>[] = [
  { name: 'map_id', type: 'INT32', cell: ({ map }) => map.id },
  { name: 'sample_id', type: 'INT32', cell: ({ map }) => map.sampleId },
  { name: 'model', type: 'STRING', cell: ({ model }) => model },
  { name: 'method', type: 'STRING', cell: ({ map }) => map.method },
]

const MAPS: readonly Column<MapRow>[] = [
  ...KEYS,
  { name: 'target', type: 'INT32', cell: ({ map }) => map.target },
  { name: 'target_kind', type: 'STRING', cell: ({ map }) => map.targetKind },
  { name: 'predicted', type: 'INT32', cell: ({ predicted }) => predicted },
  { name: 'logit', type: 'DOUBLE', cell: ({ map }) => map.logit },
  { name: 'seed', type: 'INT32', cell: ({ map }) => map.seed },
  { name: 'run_id', type: 'INT32', cell: ({ map }) => map.runId },
  { name: 'state', type: 'STRING', cell: ({ map }) => map.state },
  { name: 'total', type: 'DOUBLE', cell: ({ map }) => map.total },
  { name: 'absolute', type: 'DOUBLE', cell: ({ map }) => map.absolute },
  { name: 'started', type: 'DOUBLE', cell: ({ map }) => map.started },
  { name: 'conservation', type: 'DOUBLE', cell: ({ map }) => map.conservation },
  { name: 'low', type: 'DOUBLE', cell: ({ map }) => map.low },
  { name: 'high', type: 'DOUBLE', cell: ({ map }) => map.high },
  { name: 'created_at', type: 'TIMESTAMP', cell: ({ map }) => new Date(map.createdAt) },
  { name: 'values', type: 'BYTE_ARRAY', cell: ({ values }) => toBlob(values()) },
]

const SCORES: readonly Column<MapRow>[] = [
  ...KEYS,
  ...METRICS.flatMap((metric, index): Column<MapRow>[] => [
    { name: metric, type: 'DOUBLE', cell: ({ scores }) => scores[index]?.value },
    { name: `${metric}_state`, type: 'STRING', cell: ({ scores }) => scores[index]?.state },
  ]),
  { name: 'predicted_failure', type: 'BOOLEAN', cell: ({ predictedFailure }) => predictedFailure },
]

const CONSENSUS: readonly Column<MapRow>[] = [
  ...KEYS,
  { name: 'consensus', type: 'STRING', cell: ({ consensus }) => consensus.consensus },
  { name: 'modes', type: 'JSON', cell: ({ consensus }) => consensus.modes },
  ...VERDICTS.map((verdict): Column<MapRow> => ({
    name: verdict,
    type: 'INT32',
    cell: ({ consensus }) => consensus.counts[verdict],
  })),
]

const VERDICT_COLUMNS: readonly Column<VerdictEntry>[] = [
  { name: 'id', type: 'INT32', cell: ({ verdict }) => verdict.id },
  { name: 'map_id', type: 'INT32', cell: ({ verdict }) => verdict.mapId },
  { name: 'sample_id', type: 'INT32', cell: ({ map }) => map.sampleId },
  { name: 'model', type: 'STRING', cell: ({ model }) => model },
  { name: 'method', type: 'STRING', cell: ({ map }) => map.method },
  { name: 'reviewer', type: 'STRING', cell: ({ verdict }) => verdict.reviewer },
  { name: 'verdict', type: 'STRING', cell: ({ verdict }) => verdict.verdict },
  { name: 'modes', type: 'JSON', cell: ({ verdict }) => verdict.modes },
  { name: 'note', type: 'STRING', cell: ({ verdict }) => verdict.note },
  { name: 'box', type: 'JSON', cell: ({ verdict }) => verdict.box },
  { name: 'created_at', type: 'TIMESTAMP', cell: ({ verdict }) => new Date(verdict.createdAt) },
  { name: 'latest', type: 'BOOLEAN', cell: isLatest },
  { name: 'consensus', type: 'STRING', cell: ({ consensus }) => consensus.consensus },
  { name: 'action', type: 'STRING', cell: ({ verdict }) => verdict.action },
  { name: 'decision', type: 'INT32', cell: ({ verdict }) => verdict.decisionId },
  { name: 'queue', type: 'INT32', cell: ({ verdict }) => verdict.queueId },
  { name: 'probability', type: 'DOUBLE', cell: ({ verdict }) => verdict.probability },
  { name: 'drawn_at_random', type: 'BOOLEAN', cell: ({ verdict }) => verdict.drawnAtRandom },
  { name: 'position', type: 'INT32', cell: ({ verdict }) => verdict.position },
  { name: 'blind', type: 'BOOLEAN', cell: ({ verdict }) => verdict.blind },
  { name: 'group', type: 'JSON', cell: ({ verdict }) => verdict.group },
]

async function write(context: SetContext): Promise<void> {
  const { folder } = context
  const tableAt = async <Row>(path: string, columns: readonly Column<Row>[]) =>
    createParquetTable(await folder.place(path), columns)

  const samples = await tableAt('samples.parquet', SAMPLES)
  for (const page of samplePages(context)) await samples.append(page)
  await samples.finish()

  const verdicts = await tableAt('verdicts.parquet', VERDICT_COLUMNS)
  for (const page of verdictPages(context)) await verdicts.append(page)
  await verdicts.finish()

  const ofMaps = [
    await tableAt('maps.parquet', MAPS),
    await tableAt('scores.parquet', SCORES),
    await tableAt('consensus.parquet', CONSENSUS),
  ]
  let done = 0
  for (const page of mapPages(context)) {
    for (const table of ofMaps) await table.append(page)
    done += page.length
    context.report(done, 'maps.parquet')
  }
  for (const table of ofMaps) await table.finish()
}

/** Five tables that pandas, Polars, DuckDB and Spark read. */
export const parquet: Form = {
  write,
  readme: `  samples.parquet   one row a sample; input: float32, little endian, rows x columns x channels, in [-1, 1];
                    regions: JSON list of boxes in pixels with their marks (1: shows the label)
  maps.parquet      one row a map; values: float32, little endian, rows x columns of its sample
  scores.parquet    one row a map: every metric with its state, and whether the calibration predicts a failure
  consensus.parquet one row a map: what all of its reviewers say together
  verdicts.parquet  one row a verdict, oldest first; latest: it is the reviewer's last word and counts

In Python:
  maps = pandas.read_parquet('maps.parquet').merge(pandas.read_parquet('samples.parquet'), on='sample_id')
  one = maps.iloc[0]
  values = numpy.frombuffer(one['values'], '<f4').reshape(one['rows'], one['columns'])`,
}
