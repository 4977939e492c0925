import { expect, it } from 'vitest'
import type { ModelSummary } from '../../../../src/shared/contract/runs.ts'
import { modelTitle } from '../../../../src/renderer/views/compare/model-title.ts'

const model = (id: number, label: string, fold: number): ModelSummary => ({
  ...{ id, name: `name-${id}`, architecture: 'deep', stationaryDropout: false, label, fold },
  ...{ dataset: 'mnist-3-digits-maj', steps: 12, items: 3, sha256: 'a'.repeat(64), accuracy: null },
  ...{ trained: true, origin: 'trained', createdAt: '2026-01-01T00:00:00Z', metadata: {} },
})

it('a model is named as shortly as it can be told apart', () => {
  const models = [model(1, 'Deep', 1), model(2, 'Deep', 2), model(3, 'R-LSTM', 1), model(4, 'Deep', 2)]
  expect(models.map((each) => modelTitle(each, models))).toEqual([
    'Deep, fold 1',
    'name-2',
    'R-LSTM',
    'name-4',
  ])
})
