import { describe, expect, test } from 'vitest'
import { imageFile, mapFiles, modelFile } from '../../../src/engine/exchange/audited-set-layout.ts'
import { unsafePath } from '../../../src/engine/exchange/audited-set-content.ts'
import type { ModelSummary } from '../../../src/shared/contract/runs.ts'

function model(id: number, name: string, sha256 = String(id).repeat(64)): ModelSummary {
  return {
    ...{ id, name, architecture: 'deep', stationaryDropout: false, label: 'Deep', dataset: 'd', steps: 12 },
    ...{ fold: 1, items: 3, sha256, accuracy: null, trained: true, origin: 'imported', metadata: {} },
    createdAt: '2026-01-01T00:00:00.000Z',
  }
}

const size = { rows: 2, columns: 3, channels: 1 }

describe('names of files in a set', () => {
  test.each([
    '../../etc/passwd',
    '/etc/passwd',
    '..',
    '.hidden',
    'a/b\\c',
    'C:\\x',
    'x\0y\n',
    'x'.repeat(500),
    '<b>"\'$(rm)',
    '',
  ])('stay inside and are plain for a model called %j', (name) => {
    const facts = { models: new Map([[1, model(1, name)]]), sizes: new Map([[1, size]]) }
    const map = { mapId: 1, sampleId: 1, modelId: 1, method: 'random:7' }
    const paths = [
      modelFile(1, facts),
      imageFile(map, facts),
      ...mapFiles([map], facts).map(({ path }) => path),
    ]
    for (const path of paths) {
      expect(unsafePath(path)).toBeNull()
      expect(path).toMatch(
        /^(models|images|maps)\/[A-Za-z0-9_-][A-Za-z0-9._-]*(\/[A-Za-z0-9_][A-Za-z0-9._-]*)*$/,
      )
      expect(path.length).toBeLessThan(220)
    }
  })

  test('are different for models of one name', () => {
    const models = new Map([1, 2].map((id) => [id, model(id, 'deep')]))
    const facts = { models, sizes: new Map([[1, size]]) }
    expect(modelFile(1, facts)).not.toBe(modelFile(2, facts))
  })

  test('put maps of one model and method into one file by sample, and other sizes into another', () => {
    const facts = {
      models: new Map([[1, model(1, 'deep')]]),
      sizes: new Map([
        [1, size],
        [2, size],
        [3, { rows: 4, columns: 4, channels: 1 }],
      ]),
    }
    const map = (mapId: number, sampleId: number, method = 'sa') => ({ mapId, sampleId, modelId: 1, method })
    const files = mapFiles([map(1, 3), map(2, 2), map(3, 1), map(4, 1), map(5, 1, 'dtd')], facts)
    expect(files.map(({ path, members }) => [path, members.map(({ mapId }) => mapId)])).toEqual([
      ['maps/deep-111111111111/dtd.npy', [5]],
      ['maps/deep-111111111111/sa-2x3.npy', [3, 4, 2]],
      ['maps/deep-111111111111/sa-4x4.npy', [1]],
    ])
  })
})
