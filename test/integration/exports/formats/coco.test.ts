import { afterAll, beforeAll, expect, test } from 'vitest'
import { getSample } from '../../../../src/engine/workspace/samples.ts'
import { FAILURE_MODES } from '../../../../src/shared/names.ts'
import { pythonWith, runPython } from '../../../support/python.ts'
import { titled } from '../../../support/skip-reason.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { formWorkspace } from './form-workspace.ts'
import { pictureSize, readObject, rowsOf } from './read-json.ts'

const root = temporaryFolder()
const PYTHON = pythonWith('pycocotools.coco')
let audited: ReturnType<typeof formWorkspace>
let path = ''
beforeAll(async () => {
  audited = formWorkspace(root)
  path = (await audited.write('coco')).path
})
afterAll(() => audited.close())

test('COCO inputs are drawn, and their regions are boxes in the pixels of the picture', () => {
  const inputs = readObject(path, 'inputs.json')
  const images = rowsOf(inputs['images'])
  expect(images).toHaveLength(2)
  for (const { file_name, width, height, scale } of images) {
    expect([width, height, scale]).toEqual([252, 84, 3])
    expect(pictureSize(path, file_name)).toEqual([252, 84])
  }
  const names = new Map(rowsOf(inputs['categories']).map(({ id, name }) => [id, name]))
  const regions = getSample(audited.database, 1)?.regions ?? []
  const annotations = rowsOf(inputs['annotations']).filter(({ image_id }) => image_id === 1)
  expect(annotations.map(({ bbox, category_id }) => [bbox, names.get(category_id)])).toEqual(
    regions.map(({ box, label }) => [
      [box.column, box.row, box.width, box.height].map((pixels) => 3 * pixels),
      String(label ?? 'item'),
    ]),
  )
})

test('COCO maps carry what reviewers flagged: a box where they drew one, else the whole map', () => {
  const maps = readObject(path, 'maps.json')
  expect(rowsOf(maps['categories']).map(({ name }) => name)).toEqual(FAILURE_MODES)
  const images = rowsOf(maps['images'])
  expect(images).toHaveLength(12)
  for (const { file_name } of images) expect(pictureSize(path, file_name)).toEqual([252, 84])
  expect(images.find(({ id }) => id === 2)).toMatchObject({ consensus: 'tie', method: 'sa' })
  const shown = rowsOf(maps['annotations']).map(({ image_id, category_id, bbox, attributes }) => ({
    ...{ image_id, mode: FAILURE_MODES[Number(category_id) - 1], bbox, attributes },
  }))
  const note = 'the “wrong” item, 100 %'
  expect(shown).toMatchObject([
    {
      ...{ image_id: 2, mode: 'single_item_dominance', bbox: [0, 0, 252, 84] },
      attributes: { reviewer: 'Björn', whole_map: true },
    },
    {
      ...{ image_id: 3, mode: 'odd_item_focus', bbox: [84, 12, 75, 60] },
      attributes: { reviewer: 'Ada', note, whole_map: false },
    },
    { image_id: 3, mode: 'diffuse', bbox: [84, 12, 75, 60] },
  ])
})

test.skipIf(PYTHON === undefined)(
  titled('pycocotools reads both files', PYTHON === undefined, 'no Python with pycocotools'),
  () => {
    const read = runPython(
      PYTHON ?? '',
      `
import contextlib, io, json, sys
from pycocotools.coco import COCO
with contextlib.redirect_stdout(io.StringIO()):
    inputs, maps = (COCO(sys.argv[1] + '/' + name + '.json') for name in ('inputs', 'maps'))
flags = maps.loadAnns(maps.getAnnIds(imgIds=[3]))
print(json.dumps({
  'inputs': len(inputs.getImgIds()), 'regions': len(inputs.getAnnIds()), 'maps': len(maps.getImgIds()),
  'flagged': maps.getImgIds(catIds=maps.getCatIds(catNms=['diffuse'])),
  'areas': [int(maps.annToMask(flag).sum()) for flag in flags],
}))`,
      path,
    )
    const areas = [75 * 60, 75 * 60]
    expect(read).toEqual({ inputs: 2, regions: 6, maps: 12, flagged: [3], areas })
  },
)
