import { describe, expect, it } from 'vitest'
import type { ModelSummary } from '../../../../src/shared/contract/runs.ts'
import { pairChoice } from '../../../../src/renderer/views/compare/pair-choice.ts'

const model = (id: number): ModelSummary => ({
  ...{ id, name: `model-${id}`, architecture: 'deep', stationaryDropout: false, label: `Model ${id}` },
  ...{ dataset: 'mnist-3-digits-maj', steps: 12, fold: 1, items: 3, sha256: 'a'.repeat(64), accuracy: null },
  ...{ trained: true, origin: 'trained', createdAt: '2026-01-01T00:00:00Z', metadata: {} },
})
const cell = (modelId: number, method: string) => ({
  ...{
    modelId,
    method,
    maps: 9,
    mean: 1,
    outOfRange: 0,
    undefined: 0,
    reviewed: 0,
    flagged: 0,
    otherClass: 0,
  },
})
/** Model 1 has one method, 2 and 3 have several; dtd is everywhere. */
const matrix = {
  models: [1, 2, 3].map(model),
  cells: [
    cell(1, 'dtd'),
    ...['dtd', 'sa', 'ig'].map((method) => cell(2, method)),
    ...['dtd', 'gi'].map((method) => cell(3, method)),
  ],
}
const requestOf = (parameters: Record<string, string>) => pairChoice(parameters, matrix)?.request

describe('two methods', () => {
  it.each([
    ['the first model that has two', {}, 2, 'sa', 'dtd'],
    ['those that are named', { model: '3', a: 'dtd', b: 'gi' }, 3, 'dtd', 'gi'],
    ['another B where both are the same', { a: 'sa', b: 'sa' }, 2, 'sa', 'dtd'],
    ['another A where only B is named', { b: 'sa' }, 2, 'dtd', 'sa'],
    ['what the model has, where it lacks what is named', { model: '3', a: 'ig', b: 'gi' }, 3, 'gi', 'dtd'],
    ['a model with two methods, where the named one has one', { model: '1' }, 2, 'sa', 'dtd'],
  ] as const)('are %s', (_, parameters, modelId, a, b) => {
    expect(requestOf(parameters)).toEqual({
      a: { modelId, method: a },
      b: { modelId, method: b },
      target: 'label',
      queueId: null,
    })
  })
})

describe('two models', () => {
  it.each([
    ['the first with maps of a shared method', {}, 'dtd', 1, 2],
    ['those that are named', { method: 'dtd', a: '3', b: '1' }, 'dtd', 3, 1],
    ['by a shared method, where the named one is not', { method: 'ig' }, 'dtd', 1, 2],
  ] as const)('are %s', (_, parameters, method, a, b) => {
    expect(requestOf({ pair: 'models', ...parameters })).toEqual({
      a: { modelId: a, method },
      b: { modelId: b, method },
      target: 'label',
      queueId: null,
    })
  })

  it('offer the models that have the method', () => {
    const choice = pairChoice({ pair: 'models' }, matrix)
    expect(choice).toMatchObject({ kind: 'models', methods: ['dtd'] })
    expect(choice?.models.map(({ id }) => id)).toEqual([1, 2, 3])
  })
})

it('the explained class is the label, or on request A’s prediction or one class of all sequences', () => {
  expect(requestOf({ target: 'predicted' })?.target).toBe('predicted')
  expect(requestOf({ target: '7' })?.target).toBe(7)
  expect(requestOf({ target: 'anything' })?.target).toBe('label')
})

it('all sequences are paired, or those of a queue on request', () => {
  expect(requestOf({ queue: '5' })?.queueId).toBeNull()
  expect(requestOf({ queue: '5', over: 'queue' })?.queueId).toBe(5)
  expect(requestOf({ queue: 'x', over: 'queue' })?.queueId).toBeNull()
})

it('there is no pair without two methods of a model, or two models of a method', () => {
  const { models } = matrix
  expect(pairChoice({}, { models, cells: [cell(1, 'sa'), cell(2, 'dtd')] })).toBeNull()
  expect(pairChoice({ pair: 'models' }, { models, cells: [cell(1, 'sa'), cell(1, 'dtd')] })).toBeNull()
})
