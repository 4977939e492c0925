import type { Box } from '../../../shared/contract/common.ts'
import { isSigned, parseMethod } from '../../../shared/methods.ts'
import type { Size } from '../../workspace/export-scans.ts'
import type { SetContext } from '../audited-set-context.ts'
import type { MapRow } from '../audited-set-map-rows.ts'
import { enlargement } from '../audited-set-maps.ts'
import { encodePng } from '../png.ts'
import { FieldNames } from './field-names.ts'
import type { Form } from './form.ts'
import { writeJsonFile } from './json-file.ts'
import { enlarged, sizeOf, writeInput } from './pictures.ts'
import {
  countedVerdicts,
  labelName,
  mapVariant,
  samplesWithMaps,
  scoresByName,
  type SampleMaps,
} from './rows.ts'

/** The largest grey of a heatmap's picture, which is its range. */
const WHITE = 255

/** A box as parts of its picture, as FiftyOne has it: [left, top, width, height]. */
function partsOf({ row, column, height, width }: Box, { rows, columns }: Size): number[] {
  return [column / columns, row / rows, width / columns, height / rows]
}

/** The field of a map: its model, method, and what sets it apart from other maps of these. */
function fieldOf(names: FieldNames, row: MapRow): string {
  const text = `${row.model} ${row.map.method}${mapVariant(row)}`
  return names.nameOf(`${row.map.modelId} ${text}`, text)
}

/** Writes a map as FiftyOne shows heatmaps: grey from 0 to its largest value; of a signed method around the middle. */
async function writeHeatmap(context: SetContext, path: string, row: MapRow): Promise<void> {
  const size = sizeOf(context, row)
  const values = row.values()
  const high = values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0)
  const signed = isSigned(parseMethod(row.map.method))
  const grey = (value: number) => {
    const part = high === 0 ? 0 : value / high
    return Math.min(WHITE, Math.max(0, Math.round(WHITE * (signed ? (part + 1) / 2 : part))))
  }
  const { width, height, data } = enlarged(size, 1, enlargement(size), (pixel) => grey(values[pixel] ?? 0))
  await context.folder.write(path, encodePng({ width, height, channels: 1, data }))
}

function describeMap(context: SetContext, path: string, row: MapRow): object {
  const { map, predicted, predictedFailure, consensus } = row
  return {
    ...{ _cls: 'Heatmap', tags: [], map_path: path, map_id: map.id, model: row.model, method: map.method },
    ...{ target: map.target, predicted, predicted_failure: predictedFailure, consensus: consensus.consensus },
    modes: consensus.modes,
    ...scoresByName(row),
    verdicts: countedVerdicts(row).map(({ reviewer, verdict, modes, note, box, createdAt }) => ({
      ...{ reviewer, verdict, modes, note, created_at: createdAt },
      box: box && partsOf(box, sizeOf(context, row)),
    })),
  }
}

/** What reviewers drew on the maps of a sample, each with the failure modes that it shows. */
function flags({ maps, sample }: SampleMaps, names: FieldNames): object[] {
  return maps.flatMap((row) =>
    countedVerdicts(row).flatMap(({ box, modes, reviewer, note }) =>
      box === null
        ? []
        : modes.map((mode) => ({
            ...{
              _cls: 'Detection',
              tags: [],
              attributes: {},
              label: mode,
              bounding_box: partsOf(box, sample),
            },
            ...{ map: fieldOf(names, row), map_id: row.map.id, reviewer, note },
          })),
    ),
  )
}

async function describeSample(context: SetContext, names: FieldNames, entry: SampleMaps): Promise<object> {
  const { sample, set, maps } = entry
  const picture = await writeInput(context, `data/sample-${sample.id}.png`, sample)
  const heatmaps: Record<string, object> = {}
  for (const row of maps) {
    const field = fieldOf(names, row)
    const path = `fields/${field}/sample-${sample.id}.png`
    await writeHeatmap(context, path, row)
    heatmaps[field] = describeMap(context, path, row)
  }
  const regions = sample.regions.map(({ name, box, mark, label }) => ({
    ...{
      _cls: 'Detection',
      tags: [],
      attributes: {},
      label: label === null ? 'item' : labelName(set, label),
    },
    ...{ bounding_box: partsOf(box, sample), region: name, mark },
  }))
  return {
    ...{ filepath: picture.path, tags: [set.split], sample_id: sample.id, sample_set: set.name },
    ground_truth: { _cls: 'Classification', tags: [], label: entry.labelName },
    regions: { _cls: 'Detections', detections: regions },
    flags: { _cls: 'Detections', detections: flags(entry, names) },
    ...heatmaps,
  }
}

async function write(context: SetContext): Promise<void> {
  const { folder, request } = context
  const names = new FieldNames()
  let done = 0
  async function* samples() {
    for (const entry of samplesWithMaps(context)) {
      yield [await describeSample(context, names, entry)]
      done += entry.maps.length
      context.report(done, 'samples.json')
    }
  }
  await writeJsonFile(folder, 'samples.json', { samples: { pages: samples() } })
  const info = { description: `${request.name}, by Heatproof`, created_by: request.createdBy }
  await folder.write(
    'metadata.json',
    `${JSON.stringify({ name: request.name, media_type: 'image', info })}\n`,
  )
}

/** A FiftyOne dataset: a sample an input, its maps as heatmaps in fields. */
export const fiftyone: Form = {
  write,
  readme: `  metadata.json, samples.json
                    a FiftyOneDataset: a sample for each input, with ground_truth, regions (mark 1: shows the label), a
                    heatmap field for each model and method (with consensus, scores and verdicts), and flags: the
                    boxes that reviewers drew, labelled with the failure mode
  data/             the inputs
  fields/           the maps: grey from 0 to the largest value of the map; of methods with signs, zero is the middle

In Python:
  dataset = fiftyone.Dataset.from_dir('FOLDER', dataset_type=fiftyone.types.FiftyOneDataset)`,
}
