import { expect, it } from 'vitest'
import {
  damagedFor,
  modelsFor,
  modelsToBeginWith,
  runSources,
  sourceToBeginWith,
  type RunInputs,
} from '../../../src/renderer/views/runs/run-sources.ts'
import type { ModelSummary } from '../../../src/shared/contract/runs.ts'

const model = (id: number, dataset: string): ModelSummary => ({
  ...{
    id,
    name: `model ${id}`,
    architecture: 'graph',
    stationaryDropout: false,
    label: `model ${id}`,
    dataset,
  },
  ...{
    steps: 1,
    fold: 1,
    items: 1,
    sha256: 'a'.repeat(64),
    accuracy: null,
    trained: true,
    origin: 'imported',
  },
  ...{ createdAt: '2026-01-01T00:00:00.000Z', metadata: {} },
})
const PHOTOS = { id: 7, name: 'photos', dataset: 'photos', count: 120, rows: 32, columns: 32, channels: 3 }
const INPUTS: RunInputs = {
  sets: [PHOTOS],
  damaged: [],
  models: [
    { id: 1, rows: 28, columns: 84, channels: 1, classes: 10 },
    { id: 2, rows: 28, columns: 84, channels: 1, classes: 5 },
    { id: 3, rows: 32, columns: 32, channels: 3, classes: 10 },
    { id: 4, rows: 32, columns: 32, channels: 1, classes: 10 },
  ],
}
const MODELS = [model(1, 'mnist-3-digits-maj'), model(2, ''), model(3, ''), model(4, '')]
const SOURCES = runSources(INPUTS.sets)
const sourceOf = (value: string) => {
  const source = SOURCES.find((candidate) => candidate.value === value)
  if (source === undefined) throw new Error(`no source ${value}`)
  return source
}
const offered = (value: string) => modelsFor(sourceOf(value), MODELS, INPUTS.models)

it('offers imported sets before the data sets, with their number and size', () => {
  expect(SOURCES[0]).toMatchObject({
    value: 'set:7',
    label: 'photos: 120 imported images of 32 × 32, 3 channels',
  })
  expect(SOURCES).toHaveLength(17)
})

it('offers a set the models of its size and channels, and begins with all of them', () => {
  expect(offered('set:7').map(({ id }) => id)).toEqual([3])
  expect(modelsToBeginWith(sourceOf('set:7'), offered('set:7'))).toEqual([3])
})

it('offers a data set also models that fit and say no data set, but does not begin with them', () => {
  expect(offered('mnist-3-digits-maj').map(({ id }) => id)).toEqual([1, 2])
  expect(modelsToBeginWith(sourceOf('mnist-3-digits-maj'), offered('mnist-3-digits-maj'))).toEqual([1])
  expect(offered('mnist-2-digits-maj')).toEqual([])
})

it.each([
  { what: 'the data set of the first model', models: [0, 1, 2], value: 'mnist-3-digits-maj' },
  { what: 'the set that a model reads which says no data set', models: [2], value: 'set:7' },
  { what: 'the data set that such a model fits', models: [1], value: 'mnist-3-digits-maj' },
  { what: 'the usual data set where no model reads anything', models: [3], value: 'mnist-3-digits-maj' },
])('begins with $what', ({ models, value }) => {
  const wanted = models.flatMap((index) => MODELS[index] ?? [])
  expect(sourceToBeginWith(SOURCES, wanted, INPUTS.models)?.value).toBe(value)
})

it.each([
  { value: 'set:7', ids: [1, 2] },
  { value: 'mnist-3-digits-maj', ids: [1, 2] },
  { value: 'mnist-2-digits-maj', ids: [2] },
])('shows of $value the damaged models that might read it', ({ value, ids }) => {
  const damaged = [1, 2].map((id) => ({ id, reason: `model ${id} is damaged` }))
  expect(damagedFor(sourceOf(value), MODELS, damaged)).toEqual(
    ids.map((id) => ({ model: MODELS[id - 1], reason: `model ${id} is damaged` })),
  )
})
