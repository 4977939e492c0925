import { join } from 'node:path'
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet'
import { expect, test } from 'vitest'
import { float32FromBlob } from '../../../../src/engine/workspace/blobs.ts'
import { getMap, getMapBytes } from '../../../../src/engine/workspace/maps.ts'
import { getSample } from '../../../../src/engine/workspace/samples.ts'
import { scoresOf } from '../../../../src/engine/workspace/scores.ts'
import { pythonWith, runPython } from '../../../support/python.ts'
import { titled } from '../../../support/skip-reason.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { formWorkspace } from './form-workspace.ts'

const root = temporaryFolder()
const PYTHON = pythonWith('pyarrow.parquet', 'numpy')

async function readParquet(folder: string, name: string): Promise<Record<string, unknown>[]> {
  const file = await asyncBufferFromFile(join(folder, `${name}.parquet`))
  return parquetReadObjects({ file, utf8: false })
}

test('Parquet tables hold samples, pixels, scores, verdicts and consensus exactly', async () => {
  const audited = formWorkspace(root)
  const { database } = audited
  const { path } = await audited.write('parquet')
  const samples = await readParquet(path, 'samples')
  const first = getSample(database, 1)
  expect(samples).toHaveLength(2)
  expect(samples[0]).toMatchObject({
    ...{ sample_id: 1, rows: 28, columns: 84, label: first?.label, split: 'test' },
    regions: first?.regions,
  })
  expect(float32FromBlob(samples[0]?.['input'] as Uint8Array)).toEqual(first?.input)

  const maps = await readParquet(path, 'maps')
  const scores = new Map((await readParquet(path, 'scores')).map((row) => [row['map_id'], row]))
  expect(maps).toHaveLength(12)
  for (const row of maps) {
    const map = getMap(database, Number(row['map_id']))
    if (map === undefined) throw new Error('no such map')
    expect(row).toMatchObject({ sample_id: map.sampleId, method: map.method, total: map.total })
    expect(Buffer.from(row['values'] as Uint8Array)).toEqual(Buffer.from(getMapBytes(database, map.id) ?? []))
    for (const { metric, value, state } of scoresOf(database, map, 0.8))
      expect(scores.get(map.id)).toMatchObject({ [metric]: value, [`${metric}_state`]: state })
  }

  const verdicts = await readParquet(path, 'verdicts')
  expect(verdicts.map(({ map_id, reviewer, verdict }) => [map_id, reviewer, verdict])).toEqual([
    [1, 'Ada', 'accept'],
    [2, 'Ada', 'accept'],
    [2, 'Björn', 'fail'],
    [3, 'Ada', 'fail'],
  ])
  expect(verdicts[3]).toMatchObject({
    modes: ['odd_item_focus', 'diffuse'],
    note: 'the “wrong” item, 100 %',
    box: { row: 4, column: 28, height: 20, width: 25 },
    queue: null,
    created_at: expect.any(Date) as Date,
  })
  const consensus = await readParquet(path, 'consensus')
  const of = (id: number) => consensus.find((row) => row['map_id'] === id)
  expect(of(2)).toMatchObject({ consensus: 'tie', accept: 1, fail: 1, modes: [] })
  expect(of(3)).toMatchObject({ consensus: 'fail', modes: ['odd_item_focus', 'diffuse'] })
  await audited.close()
})

test.skipIf(PYTHON === undefined)(
  titled('pyarrow reads the tables and the pixels', PYTHON === undefined, 'no Python with pyarrow and numpy'),
  async () => {
    const audited = formWorkspace(root)
    const { path } = await audited.write('parquet')
    const read = runPython(
      PYTHON ?? '',
      `
import json, sys, numpy, pyarrow.parquet as parquet
table = lambda name: parquet.read_table(sys.argv[1] + '/' + name + '.parquet').to_pylist()
samples = {row['sample_id']: row for row in table('samples')}
one = next(row for row in table('maps') if row['map_id'] == 3)
size = samples[one['sample_id']]
pixels = numpy.frombuffer(one['values'], '<f4').reshape(size['rows'], size['columns'])
print(json.dumps({
  'rows': {name: len(table(name)) for name in ['samples', 'maps', 'scores', 'verdicts', 'consensus']},
  'sum': float(pixels.sum(dtype='f8')), 'total': one['total'], 'shape': pixels.shape,
  'note': table('verdicts')[3]['note'], 'box': json.loads(table('verdicts')[3]['box']),
}))`,
      path,
    )
    const map = getMap(audited.database, 3)
    const values = float32FromBlob(getMapBytes(audited.database, 3) ?? new Uint8Array())
    expect(read).toMatchObject({
      rows: { samples: 2, maps: 12, scores: 12, verdicts: 4, consensus: 12 },
      total: map?.total,
      shape: [28, 84],
      note: 'the “wrong” item, 100 %',
      box: { row: 4, column: 28, height: 20, width: 25 },
    })
    expect((read as { sum: number }).sum).toBeCloseTo(
      values.reduce((sum, value) => sum + value, 0),
      6,
    )
    await audited.close()
  },
)
