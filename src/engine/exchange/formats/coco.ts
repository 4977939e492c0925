import type { Box } from '../../../shared/contract/common.ts'
import { FAILURE_MODES } from '../../../shared/names.ts'
import type { SetContext } from '../audited-set-context.ts'
import type { MapRow } from '../audited-set-map-rows.ts'
import type { Form } from './form.ts'
import { writeJsonFile } from './json-file.ts'
import { writeInput, writeMapPicture, type DrawnPicture } from './pictures.ts'
import { countedVerdicts, labelName, mapPages, samplePages, scoresByName, type SampleRow } from './rows.ts'

/** Category of a region that shows no class. */
const ITEM = 'item'

/** Ids in the order in which things are seen, from 1, as COCO numbers them. */
class Numbered {
  readonly #ids = new Map<string, number>()

  idOf(name: string): number {
    const id = this.#ids.get(name) ?? this.#ids.size + 1
    this.#ids.set(name, id)
    return id
  }

  categories(supercategory: string): object[] {
    return [...this.#ids].map(([name, id]) => ({ id, name, supercategory }))
  }
}

function info({ request }: SetContext, what: string): { value: object } {
  return {
    value: { description: `${what} of ${request.name}, by Heatproof`, contributor: request.createdBy },
  }
}

/** The parts of an annotation that follow from its box. */
function rectangle({ row, column, height, width }: Box, scale: number): object {
  const [x, y, w, h] = [column * scale, row * scale, width * scale, height * scale]
  return {
    bbox: [x, y, w, h],
    area: w * h,
    segmentation: [[x, y, x + w, y, x + w, y + h, x, y + h]],
    iscrowd: 0,
  }
}

/** Writes the inputs with their regions: what each shows, and whether that is the label. */
async function writeInputs(context: SetContext): Promise<void> {
  const names = new Numbered()
  const annotations: object[] = []
  const describe = (row: SampleRow, picture: DrawnPicture): object => {
    const { sample, set } = row
    for (const { box, label, mark, name } of sample.regions) {
      const category = names.idOf(label === null ? ITEM : labelName(set, label))
      annotations.push({
        ...{ id: annotations.length + 1, image_id: sample.id, category_id: category },
        ...rectangle(box, picture.scale),
        attributes: { region: name, mark },
      })
    }
    return {
      ...{ id: sample.id, file_name: picture.path, width: picture.width, height: picture.height },
      ...{ sample_id: sample.id, label: row.labelName, scale: picture.scale },
    }
  }
  async function* images() {
    for (const page of samplePages(context)) {
      const described: object[] = []
      for (const row of page) {
        const path = `images/inputs/sample-${row.sample.id}.png`
        described.push(describe(row, await writeInput(context, path, row.sample)))
      }
      yield described
    }
  }
  await writeJsonFile(context.folder, 'inputs.json', {
    info: info(context, 'Inputs'),
    images: { pages: images() },
    annotations: { pages: [annotations] },
    categories: { pages: later(() => names.categories('item')) },
  })
}

/** Writes the maps with what reviewers found wrong: an annotation a reviewer and failure mode. */
async function writeMaps(context: SetContext): Promise<void> {
  const annotations: object[] = []
  const describe = (row: MapRow, picture: DrawnPicture): object => {
    for (const { reviewer, note, modes, box, id } of countedVerdicts(row)) {
      const { rows, columns } = {
        rows: picture.height / picture.scale,
        columns: picture.width / picture.scale,
      }
      const shown = box ?? { row: 0, column: 0, height: rows, width: columns }
      for (const mode of modes) {
        annotations.push({
          ...{
            id: annotations.length + 1,
            image_id: row.map.id,
            category_id: FAILURE_MODES.indexOf(mode) + 1,
          },
          ...rectangle(shown, picture.scale),
          attributes: { reviewer, note, verdict_id: id, whole_map: box === null },
        })
      }
    }
    return describeMap(row, picture)
  }
  let done = 0
  async function* images() {
    for (const page of mapPages(context)) {
      const described: object[] = []
      for (const row of page) described.push(describe(row, await writeMapPicture(context, row)))
      yield described
      done += page.length
      context.report(done, 'maps.json')
    }
  }
  await writeJsonFile(context.folder, 'maps.json', {
    info: info(context, 'Maps'),
    images: { pages: images() },
    annotations: { pages: [annotations] },
    categories: {
      value: FAILURE_MODES.map((name, index) => ({ id: index + 1, name, supercategory: 'failure mode' })),
    },
  })
}

function describeMap(row: MapRow, picture: DrawnPicture): object {
  const { map, model, predicted, predictedFailure, consensus } = row
  return {
    ...{ id: map.id, file_name: picture.path, width: picture.width, height: picture.height },
    ...{ sample_id: map.sampleId, model, method: map.method, target: map.target, predicted },
    ...{ consensus: consensus.consensus, modes: consensus.modes, reviewers: consensus.counts },
    ...{ predicted_failure: predictedFailure, scale: picture.scale },
    scores: scoresByName(row),
  }
}

/** A page that is made when its turn comes. */
function* later(items: () => object[]): Generator<object[]> {
  yield items()
}

async function write(context: SetContext): Promise<void> {
  await writeInputs(context)
  await writeMaps(context)
}

/** COCO's object detection: inputs with their regions, and maps with what reviewers flagged. */
export const coco: Form = {
  write,
  readme: `  inputs.json       COCO: the inputs as images, their regions as annotations, what these show as categories; attributes:
                    the region's name and mark (1: shows the label)
  maps.json         COCO: the maps as images, with sample, model, method, consensus and scores; an annotation for each
                    latest verdict 'fail' and failure mode, which are the categories; a verdict without a box is an
                    annotation of the whole map (attributes: reviewer, note, whole_map)
  images/           the pictures; one pixel of a sample is 'scale' pixels of its picture, and boxes are in the latter`,
}
