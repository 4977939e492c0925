import { describe, expect, it } from 'vitest'
import {
  architectureKey,
  architectureKeyLabel,
  ARCHITECTURE_NAMES,
  LABELS,
  parseArchitectureKey,
  parseModelName,
  printModelName,
} from '../../../src/shared/names.ts'

const KINDS = ARCHITECTURE_NAMES.flatMap((architecture) =>
  [false, true].flatMap((stationaryDropout) =>
    LABELS.map((labels) => ({ architecture, stationaryDropout, labels })),
  ),
)

describe('names of models', () => {
  it.each(KINDS)('are printed and parsed back: $architecture, $stationaryDropout, $labels', (kind) => {
    const parts = { ...kind, dataset: 'fashion-mnist-3-items-maj', steps: 12, fold: 5 }
    expect(parseModelName(printModelName(parts))).toEqual(parts)
    expect(parseArchitectureKey(architectureKey(kind))).toEqual(kind)
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

  it('that do not fit are refused', () => {
    for (const name of ['deep', 'deep-mnist-seq-12-fold-1-random', 'gru-mnist-seq-12-fold-1']) {
      expect(() => parseModelName(name)).toThrow(/expected ARCHITECTURE/)
    }
  })
})
