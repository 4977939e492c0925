import { createHash } from 'node:crypto'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadDataset } from '../../../src/engine/data/datasets.ts'
import { BUNDLED_FOLDER, DEBIAN_FOLDER, FASHION_MNIST_FILES } from '../../../src/engine/data/fashion-mnist.ts'
import { planSequences } from '../../../src/engine/data/majority-sequences.ts'
import { mnistFolder } from '../../../src/engine/data/mnist.ts'
import { defaultDataHome, hasSplit } from '../../../src/engine/data/sources.ts'
import { rejectionOf } from '../../support/errors.ts'
import { titled } from '../../support/skip-reason.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heatproof-datasets-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** Images of each class. */
function classSizes(labels: Uint8Array): number[] {
  const sizes = new Array<number>(10).fill(0)
  for (const label of labels) sizes[label] = (sizes[label] ?? 0) + 1
  return sizes
}

describe('MNIST', () => {
  const mnist = loadDataset('mnist-3-digits-maj')

  it('is the original test split', async () => {
    const { count, images, labels, files } = await mnist.test()
    expect(count).toBe(10_000)
    expect(classSizes(labels)).toEqual([980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009])
    expect([...labels.subarray(0, 10)]).toEqual([7, 2, 1, 0, 4, 1, 4, 9, 5, 9])
    const header = Uint8Array.of(0, 0, 8, 3, 0, 0, 0x27, 0x10, 0, 0, 0, 28, 0, 0, 0, 28)
    const md5 = createHash('md5').update(header).update(images).digest('hex')
    expect(md5).toBe('2646ac647ad5339dbf082846283269ea')
    expect(files[0].name).toBe('t10k-images-idx3-ubyte')
    expect(files[0].sha256).toBe('0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7')
  })

  it('is the original training split', async () => {
    const { count, labels } = await mnist.train()
    expect(count).toBe(60_000)
    expect(classSizes(labels)).toEqual([5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949])
  })

  it('gives 48,000 training, 12,000 validation and 10,000 test sequences', async () => {
    const [train, test] = await Promise.all([mnist.train(), mnist.test()])
    const part = { dataset: 'mnist-3-digits-maj', fold: 5, folds: 5, seed: 1 }
    expect(planSequences({ ...part, split: 'train', labels: train.labels }).count).toBe(48_000)
    expect(planSequences({ ...part, split: 'validation', labels: train.labels }).count).toBe(12_000)
    expect(planSequences({ ...part, split: 'test', labels: test.labels }).count).toBe(10_000)
  })

  it('is read once', async () => {
    expect(await mnist.test()).toBe(await mnist.test())
  })

  it('is read from a folder that is named', async () => {
    const read = await loadDataset('mnist-3-digits-maj', { folder: mnistFolder() }).test()
    expect(read.count).toBe(10_000)
    const error = await rejectionOf(loadDataset('mnist-3-digits-maj', { folder }).test())
    expect(error.code).toBe('not_found')
    expect(error.found).toContain(folder)
  })
})

describe('Fashion-MNIST', () => {
  it('ships its test split', async () => {
    const { count, labels, files } = await loadDataset('fashion-mnist-3-items-maj', {
      folder: BUNDLED_FOLDER,
    }).test()
    expect(count).toBe(10_000)
    expect(classSizes(labels)).toEqual(new Array(10).fill(1000))
    expect(files.map(({ contentSha256 }) => contentSha256)).toEqual(
      FASHION_MNIST_FILES.test.map(({ contentSha256 }) => contentSha256),
    )
  })

  it('tells the three ways to get the training split where it is missing, and finds it once it is there', async () => {
    const missing = loadDataset('fashion-mnist-3-items-maj', { folder })
    const error = await rejectionOf(missing.train())
    expect(error.code).toBe('not_found')
    expect(error.exitCode).toBe(2)
    expect(error.found).toContain(folder)
    expect(error.advice).toMatch(/download.*dataset-fashion-mnist.*folder/s)
    await cp(join(BUNDLED_FOLDER, 't10k-images-idx3-ubyte.gz'), join(folder, 'train-images-idx3-ubyte.gz'))
    await cp(join(BUNDLED_FOLDER, 't10k-labels-idx1-ubyte.gz'), join(folder, 'train-labels-idx1-ubyte.gz'))
    expect((await missing.train()).count).toBe(10_000)
  })

  const noDebianData = !hasSplit(DEBIAN_FOLDER, 'train')
  const debian = titled(
    "finds Debian's training split by itself",
    noDebianData,
    `nothing in ${DEBIAN_FOLDER}`,
  )
  it.skipIf(noDebianData)(debian, async () => {
    const { count, labels, files } = await loadDataset('fashion-mnist-3-items-maj', {
      dataHome: folder,
    }).train()
    expect(count).toBe(60_000)
    expect(classSizes(labels)).toEqual(new Array(10).fill(6000))
    expect(files.map(({ contentSha256 }) => contentSha256)).toEqual(
      FASHION_MNIST_FILES.train.map(({ contentSha256 }) => contentSha256),
    )
  })
})

describe('defaultDataHome', () => {
  it('follows the XDG convention', () => {
    const before = process.env.XDG_DATA_HOME
    try {
      process.env.XDG_DATA_HOME = '/somewhere'
      expect(defaultDataHome()).toBe('/somewhere/heatproof/data')
      process.env.XDG_DATA_HOME = 'relative'
      expect(defaultDataHome()).toMatch(/\/\.local\/share\/heatproof\/data$/)
    } finally {
      if (before === undefined) delete process.env.XDG_DATA_HOME
      else process.env.XDG_DATA_HOME = before
    }
  })
})
