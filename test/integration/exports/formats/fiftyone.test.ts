import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PNG } from 'pngjs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { float32FromBlob } from '../../../../src/engine/workspace/blobs.ts'
import { getMapBytes } from '../../../../src/engine/workspace/maps.ts'
import { pythonWith, runPython } from '../../../support/python.ts'
import { titled } from '../../../support/skip-reason.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { formWorkspace } from './form-workspace.ts'
import { pictureSize, readObject, rowsOf } from './read-json.ts'

const root = temporaryFolder()
const PYTHON = pythonWith('fiftyone')
let audited: ReturnType<typeof formWorkspace>
let path = ''
beforeAll(async () => {
  audited = formWorkspace(root)
  path = (await audited.write('fiftyone')).path
})
afterAll(() => audited.close())

const Heatmap = z.object({ map_path: z.string(), map_id: z.int(), method: z.string(), consensus: z.string() })

test('FiftyOne gets a sample for each input, with regions and flags as parts of the picture', () => {
  expect(readObject(path, 'metadata.json')).toMatchObject({ media_type: 'image' })
  const samples = rowsOf(readObject(path, 'samples.json')['samples'])
  expect(samples).toHaveLength(2)
  const [first] = samples
  expect(pictureSize(path, first?.['filepath'])).toEqual([252, 84])
  expect(first).toMatchObject({
    regions: { detections: [{ bounding_box: [0, 0, 1 / 3, 1] }, {}, {}] },
    flags: {
      detections: [
        { label: 'odd_item_focus', bounding_box: [1 / 3, 1 / 7, 25 / 84, 20 / 28], reviewer: 'Ada' },
        { label: 'diffuse', map_id: 3 },
      ],
    },
  })
})

test('every map is a heatmap in a field of its model and method, with its largest value white', () => {
  const samples = rowsOf(readObject(path, 'samples.json')['samples'])
  const heatmaps = samples.flatMap((sample) =>
    Object.values(sample).flatMap((field) => Heatmap.safeParse(field).data ?? []),
  )
  expect(heatmaps.map(({ map_id }) => map_id).sort((a, b) => a - b)).toEqual(
    Array.from({ length: 12 }, (_, index) => index + 1),
  )
  for (const { map_path, map_id, method } of heatmaps.filter((map) => map.method === 'dtd')) {
    expect(map_path).toContain(`_${method}/`)
    const values = float32FromBlob(getMapBytes(audited.database, map_id) ?? new Uint8Array())
    const high = Math.max(...values)
    const { data } = PNG.sync.read(readFileSync(join(path, map_path)))
    const greys = Array.from(values, (_, pixel) => {
      const [row, column] = [Math.floor(pixel / 84), pixel % 84]
      return data[4 * (3 * row * 252 + 3 * column)]
    })
    expect(greys).toEqual(Array.from(values, (value) => Math.max(0, Math.round((255 * value) / high))))
  }
})

test.skipIf(PYTHON === undefined)(
  titled(
    "FiftyOne's own importer reads samples and heatmaps",
    PYTHON === undefined,
    'no Python with fiftyone',
  ),
  () => {
    const read = runPython(
      PYTHON ?? '',
      `
import json, sys, fiftyone, fiftyone.utils.data as data
importer = data.FiftyOneDatasetImporter(sys.argv[1])
assert importer._is_legacy_format_data()
importer = importer._to_legacy_importer()
importer.setup()
samples = list(importer)
heatmaps = [s[f] for s in samples for f in s.field_names if isinstance(s[f], fiftyone.Heatmap)]
print(json.dumps({
  'samples': len(samples), 'heatmaps': len(heatmaps), 'shapes': sorted({h.get_map().shape for h in heatmaps}),
  'flags': [d.label for d in samples[0].flags.detections], 'consensus': sorted(h.consensus for h in heatmaps)[:3],
}))`,
      path,
    )
    expect(read).toEqual({
      ...{ samples: 2, heatmaps: 12, shapes: [[84, 252]], flags: ['odd_item_focus', 'diffuse'] },
      consensus: ['accept', 'fail', 'none'],
    })
  },
)
