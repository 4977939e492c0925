import { describe, expect, it } from 'vitest'
import type { ComparedMap, ComparedModel } from '../../../../src/shared/contract/compare.ts'
import { cellKey, chosenMaps, hasSeveralTargets } from '../../../../src/renderer/views/compare/chosen-maps.ts'

const map = (mapId: number, modelId: number, method: string, target: number): ComparedMap => ({
  ...{ mapId, modelId, method, target, signed: false, logit: 1, state: 'ok', low: 0, high: 1 },
  ...{ shares: [], value: 1, valueState: 'ok', predictedFailure: null, verdict: null },
})
const model = (id: number, predicted: number | null): ComparedModel => ({
  ...{ id, name: `model ${id}`, label: 'Deep', architecture: 'deep', dataset: 'mnist-3-digits-maj' },
  ...{ steps: 12, fold: 1, accuracy: null, predicted },
})
const models = [model(1, 3), model(2, 7), model(3, null)]
const maps = [
  map(10, 1, 'sa', 3),
  map(11, 2, 'sa', 7),
  map(12, 2, 'sa', 3),
  map(13, 2, 'dtd', 7),
  map(14, 3, 'sa', 3),
]
const idOf = (choice: 'label' | 'predicted', modelId: number, method: string) =>
  chosenMaps({ maps, models, label: 3 }, choice).get(cellKey(modelId, method))?.mapId

describe('the map of a model and method', () => {
  it.each([
    ['label', 1, 'sa', 10],
    ['predicted', 1, 'sa', 10],
    ['label', 2, 'sa', 12],
    ['predicted', 2, 'sa', 11],
    ['predicted', 3, 'sa', 14],
  ] as const)('explains the %s of model %i by %s: %i', (choice, modelId, method, id) => {
    expect(idOf(choice, modelId, method)).toBe(id)
  })

  it('explains another class where the asked one is missing', () => {
    expect(idOf('label', 2, 'dtd')).toBe(13)
    expect(idOf('label', 1, 'dtd')).toBeUndefined()
  })

  it('is the newest of a class', () => {
    const twice = { maps: [map(21, 1, 'sa', 3), map(20, 1, 'sa', 3)], models, label: 3 }
    expect(chosenMaps(twice, 'label').get(cellKey(1, 'sa'))?.mapId).toBe(21)
  })
})

describe('a choice of the class', () => {
  it('is there where one cell has maps of two classes', () => {
    expect(hasSeveralTargets(maps)).toBe(true)
    expect(hasSeveralTargets(maps.filter(({ mapId }) => mapId !== 12))).toBe(false)
  })
})
