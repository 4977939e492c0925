import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { SPLIT_FILES } from '../../../src/engine/data/sources.ts'
import { planOfRequest, sequencesOfPart, trainingSequences } from '../../../src/engine/jobs/training-setup.ts'
import { TrainRequest } from '../../../src/shared/contract/runs.ts'
import { idxBytes } from '../../support/idx.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const folder = temporaryFolder()
const IMAGES = 300
const request = (change: Partial<TrainRequest> = {}) =>
  TrainRequest.parse({ architecture: 'deep', dataset: 'mnist-3-digits-maj', seed: 3, ...change })

beforeAll(() => {
  for (const { images, labels } of Object.values(SPLIT_FILES)) {
    const pixels = new Uint8Array(IMAGES * 784).map((_, index) => index % 251)
    writeFileSync(join(folder, images), idxBytes([IMAGES, 28, 28], pixels))
    writeFileSync(
      join(folder, labels),
      idxBytes(
        [IMAGES],
        new Uint8Array(IMAGES).map((_, n) => n % 10),
      ),
    )
  }
})

const sorted = (labels: ArrayLike<number>) => Array.from(labels).sort()

describe('training on random labels', () => {
  test('changes the labels of the training sequences alone: their order, not their number', async () => {
    const [plain, random, again] = await Promise.all([
      trainingSequences(request(), { folder }),
      trainingSequences(request({ labels: 'random' }), { folder }),
      trainingSequences(request({ labels: 'random' }), { folder }),
    ])
    expect(random.labels).not.toEqual(plain.labels)
    expect(random.labels).toEqual(again.labels)
    expect(sorted(random.labels)).toEqual(sorted(plain.labels))
    const first = Uint32Array.of(0, 1, 2)
    expect(random.render(first)).toEqual(plain.render(first))
    const validation = await sequencesOfPart(request({ labels: 'random' }), 'validation', {
      location: { folder },
    })
    const usual = await sequencesOfPart(request(), 'validation', { location: { folder } })
    expect(validation.labels).toEqual(usual.labels)
  })

  test('is stated by the name and the metadata of the model', () => {
    const plan = planOfRequest(request({ labels: 'random' }))
    expect(plan.name).toBe('deep-mnist-3-digits-maj-seq-12-fold-1-random-labels')
    expect(plan.metadata['labels']).toBe('random')
    expect(planOfRequest(request()).metadata).not.toHaveProperty('labels')
  })
})
