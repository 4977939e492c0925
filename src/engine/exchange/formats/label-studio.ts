import type { Box } from '../../../shared/contract/common.ts'
import { FAILURE_MODES, VERDICTS } from '../../../shared/names.ts'
import type { ExportedVerdict } from '../../workspace/export-scans.ts'
import { regionsOf } from '../../workspace/regions.ts'
import type { SetContext } from '../audited-set-context.ts'
import type { MapRow } from '../audited-set-map-rows.ts'
import type { Form } from './form.ts'
import { writeJsonFile } from './json-file.ts'
import { writeInput, writeMapPicture, type DrawnPicture } from './pictures.ts'
import { countedVerdicts, mapPages, samplePages, scoresByName } from './rows.ts'

/** Where Label Studio serves files of its document root. */
const SERVED = '/data/local-files/?d='
const PERCENT = 100

/** What a task shows, and where an answer to it goes. */
const CONFIG = `<View>
  <Header value="$model, $method, sample $sample_id"/>
  <Image name="map" value="$image"/>
  <Image name="input" value="$input"/>
  <Choices name="verdict" toName="map" choice="single" showInline="true">
${VERDICTS.map((verdict) => `    <Choice value="${verdict}"/>`).join('\n')}
  </Choices>
  <Choices name="modes" toName="map" choice="multiple">
${FAILURE_MODES.map((mode) => `    <Choice value="${mode}"/>`).join('\n')}
  </Choices>
  <RectangleLabels name="box" toName="map">
${FAILURE_MODES.map((mode) => `    <Label value="${mode}"/>`).join('\n')}
  </RectangleLabels>
  <RectangleLabels name="region" toName="map">
    <Label value="label"/>
    <Label value="other"/>
  </RectangleLabels>
  <TextArea name="note" toName="map"/>
</View>
`

/** A box in percent of its picture, as Label Studio has it. */
function rectangle(
  { row, column, height, width }: Box,
  { width: across, height: down, scale }: DrawnPicture,
) {
  return {
    ...{ x: (PERCENT * column * scale) / across, y: (PERCENT * row * scale) / down },
    ...{ width: (PERCENT * width * scale) / across, height: (PERCENT * height * scale) / down },
    rotation: 0,
  }
}

function choices(id: string, name: string, values: readonly string[]): object {
  return { id, from_name: name, to_name: 'map', type: 'choices', value: { choices: values } }
}

function labelled(
  id: string,
  name: string,
  picture: DrawnPicture,
  box: Box,
  labels: readonly string[],
): object {
  return {
    ...{ id, from_name: name, to_name: 'map', type: 'rectanglelabels' },
    ...{ original_width: picture.width, original_height: picture.height, image_rotation: 0 },
    value: { ...rectangle(box, picture), rectanglelabels: labels },
  }
}

/** A verdict that counts, as an annotation; who gave it stands in `meta` of its results, since users of a server differ. */
function annotationOf(
  { id, verdict, modes, note, box, reviewer, createdAt }: ExportedVerdict,
  picture: DrawnPicture,
): object {
  const results = [
    choices(`verdict-${id}`, 'verdict', [verdict]),
    ...(modes.length === 0 ? [] : [choices(`modes-${id}`, 'modes', modes)]),
    ...(box === null ? [] : [labelled(`box-${id}`, 'box', picture, box, modes)]),
    ...(note === ''
      ? []
      : [{ id: `note-${id}`, from_name: 'note', to_name: 'map', type: 'textarea', value: { text: [note] } }]),
  ]
  return {
    id,
    created_at: createdAt,
    result: results.map((result) => ({ ...result, meta: { text: [reviewer] } })),
  }
}

/** What the calibration says of a map, on top of the regions of its sample. */
function predictionOf(context: SetContext, row: MapRow, picture: DrawnPicture): object {
  const { metric, version } = context.calibration
  const regions = regionsOf(context.database, row.map.sampleId).map(({ box, mark }, index) =>
    labelled(`region-${row.map.id}-${index}`, 'region', picture, box, [mark === 1 ? 'label' : 'other']),
  )
  const said = row.predictedFailure
  const verdict =
    said === null ? [] : [choices(`predicted-${row.map.id}`, 'verdict', [said ? 'fail' : 'accept'])]
  const score = metric === null ? null : (scoresByName(row)[metric] ?? null)
  return {
    model_version: version === null ? 'no calibration' : `calibration ${version}`,
    ...(score !== null && { score }),
    result: [...verdict, ...regions],
  }
}

function taskOf(context: SetContext, row: MapRow, picture: DrawnPicture): object {
  const { map, model, predicted, consensus } = row
  return {
    id: map.id,
    data: {
      image: SERVED + picture.path,
      input: SERVED + inputPath(map.sampleId),
      ...{ map_id: map.id, sample_id: map.sampleId, model, method: map.method },
      ...{ target: map.target, predicted, consensus: consensus.consensus, scores: scoresByName(row) },
    },
    annotations: countedVerdicts(row).map((verdict) => annotationOf(verdict, picture)),
    predictions: [predictionOf(context, row, picture)],
  }
}

function inputPath(sampleId: number): string {
  return `images/inputs/sample-${sampleId}.png`
}

async function write(context: SetContext): Promise<void> {
  const { folder } = context
  for (const page of samplePages(context))
    for (const { sample } of page) await writeInput(context, inputPath(sample.id), sample)
  let done = 0
  async function* tasks() {
    for (const page of mapPages(context)) {
      const described: object[] = []
      for (const row of page) described.push(taskOf(context, row, await writeMapPicture(context, row)))
      yield described
      done += page.length
      context.report(done, 'tasks.json')
    }
  }
  await writeJsonFile(folder, 'tasks.json', tasks())
  await folder.write('config.xml', CONFIG)
}

/** A task a map, with its verdicts as annotations and the calibration's as prediction. */
export const labelStudio: Form = {
  write,
  readme: `  tasks.json        Label Studio: a task for each map; annotations: the latest verdict of each reviewer, with modes, box and
                    note (the reviewer's name is the meta text of its results); predictions: what the calibration says,
                    and the regions of the sample
  config.xml        the labelling interface that the tasks answer to
  images/           the pictures of maps and inputs

In Label Studio: start it with LABEL_STUDIO_LOCAL_FILES_SERVING_ENABLED=true and this folder as
LABEL_STUDIO_LOCAL_FILES_DOCUMENT_ROOT, paste config.xml as the labelling interface, add this folder's images as local
storage, and import tasks.json.`,
}
