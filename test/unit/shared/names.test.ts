import { describe, expect, it } from 'vitest'
import {
  architectureKey,
  architectureKeyLabel,
  ARCHITECTURE_NAMES,
  DATASETS,
  DATASET_NAMES,
  isFashion,
  itemsOfDataset,
  LABELS,
  modelKey,
  modelLabel,
  parseArchitectureKey,
  parseModelName,
  printModelName,
} from '../../../src/shared/names.ts'

const KINDS = ARCHITECTURE_NAMES.flatMap((architecture) =>
  [false, true].flatMap((stationaryDropout) =>
    LABELS.map((labels) => ({ architecture, stationaryDropout, labels })),
  ),
)

describe('data sets', () => {
  it('are sequences of 1 to 8 digits or items', () => {
    expect(DATASET_NAMES).toHaveLength(16)
    expect(itemsOfDataset('mnist-3-digits-maj')).toBe(3)
    expect(itemsOfDataset('fashion-mnist-8-items-maj')).toBe(8)
    expect(itemsOfDataset('mnist-1-digits-maj')).toBe(1)
    expect(DATASETS['mnist-1-digits-maj']).toBe('MNIST, majority of 1 digit')
    expect(DATASETS['fashion-mnist-3-items-maj']).toBe('Fashion-MNIST, majority of 3 items')
    expect(DATASET_NAMES.filter(isFashion).every((name) => name.endsWith('-items-maj'))).toBe(true)
  })
})

describe('names of models', () => {
  it.each(KINDS)('are printed and parsed back: $architecture, $stationaryDropout, $labels', (kind) => {
    const parts = { ...kind, dataset: 'fashion-mnist-3-items-maj', steps: 12, fold: 5 }
    expect(parseModelName(printModelName(parts))).toEqual(parts)
    expect(parseArchitectureKey(architectureKey(kind))).toEqual(kind)
  })

  it('hold the data set, the steps and the fold', () => {
    for (const { architecture, stationaryDropout } of KINDS) {
      for (const dataset of DATASET_NAMES) {
        for (const [steps, fold] of [
          [1, 1],
          [12, 5],
          [84, 3],
        ] as const) {
          const parts = { architecture, stationaryDropout, labels: 'true', dataset, steps, fold } as const
          expect(parseModelName(printModelName(parts))).toEqual(parts)
        }
      }
    }
    expect(parseModelName('convdeep-fashion-mnist-3-items-maj-seq-12-fold-5')).toMatchObject({
      architecture: 'convdeep',
      dataset: 'fashion-mnist-3-items-maj',
      steps: 12,
      fold: 5,
    })
  })

  it('say what is not usual about the training', () => {
    const parts = { architecture: 'rlstm', dataset: 'mnist-3-digits-maj', steps: 12, fold: 1 } as const
    expect(printModelName({ ...parts, stationaryDropout: false })).toBe(
      'rlstm-mnist-3-digits-maj-seq-12-fold-1',
    )
    expect(printModelName({ ...parts, stationaryDropout: true, labels: 'random' })).toBe(
      'rlstm-SD-mnist-3-digits-maj-seq-12-fold-1-random-labels',
    )
    expect(architectureKeyLabel('rlstm-SD-random-labels')).toBe('R-LSTM-SD, random labels')
    expect(architectureKeyLabel('transformer')).toBe('transformer')
  })

  it('of networks from elsewhere are their own, and never that of an architecture', () => {
    const foreign = { architecture: 'external', stationaryDropout: false, labels: 'true' } as const
    expect(modelKey({ ...foreign, name: 'vgg16' })).toBe('vgg16')
    expect(modelLabel({ ...foreign, name: 'vgg16' })).toBe('vgg16')
    expect(modelKey({ ...foreign, name: 'deep' })).toBe('deep (imported)')
    expect(modelKey({ ...foreign, architecture: 'deep', name: 'any' })).toBe('deep')
    expect(modelLabel({ ...foreign, architecture: 'rlstm', stationaryDropout: true, name: 'any' })).toBe(
      'R-LSTM-SD',
    )
  })

  it('that do not fit are refused', () => {
    for (const name of ['deep', 'deep-mnist-seq-12-fold-1-random', 'gru-mnist-seq-12-fold-1']) {
      expect(() => parseModelName(name)).toThrow(/expected ARCHITECTURE/)
    }
  })
})
