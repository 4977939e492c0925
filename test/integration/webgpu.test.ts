import { spawnSync } from 'node:child_process'
import * as tf from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import { availableBackends, useBackend } from '../../src/engine/compute/backend.ts'
import { ComputePool } from '../../src/engine/compute/pool.ts'
import type { ExplainTask } from '../../src/engine/compute/protocol.ts'
import { gpuFailure } from '../../src/engine/compute/webgpu.ts'
import { writeModel } from '../../src/engine/models/model.ts'
import { largestDifference, largestValue } from '../oracle/compare.ts'
import { randomImages, randomModel } from '../oracle/random-model.ts'
import { titled } from '../support/skip-reason.ts'

const BACKEND = new URL('../../src/engine/compute/backend.ts', import.meta.url).href
const webgpu = (await availableBackends()).find(({ name }) => name === 'webgpu')
const file = writeModel(randomModel('shallow', 8))

function task(seed: number): ExplainTask {
  return {
    modelKey: 'model',
    input: randomImages(3, seed),
    targets: Int32Array.of(0, 1, 2),
    methods: ['dtd'],
    sampleIndices: [0, 1, 2],
    regions: [[], [], []],
  }
}

async function mapsOn(backend: 'webgpu' | 'wasm') {
  const pool = await ComputePool.start({ backend })
  try {
    const results = await Promise.all([8, 9, 10].map((seed) => pool.explain(task(seed), () => file)))
    const { device, size, lanes } = pool
    return { device, size, lanes, values: results.map(({ maps }) => maps.flatMap((map) => [...map.values])) }
  } finally {
    await pool.close()
  }
}

describe.skipIf(webgpu?.available !== true)(`workers on WebGPU: ${webgpu?.device || webgpu?.reason}`, () => {
  it('one worker explains two tasks at once, and each gets its own maps', async () => {
    const [gpu, cpu] = [await mapsOn('webgpu'), await mapsOn('wasm')]
    expect(gpu).toMatchObject({ device: webgpu?.device, size: 1, lanes: 3 })
    for (const [index, expected] of cpu.values.entries()) {
      expect(largestValue(expected)).toBeGreaterThan(0)
      expect(largestDifference(gpu.values[index] ?? [], expected)).toBeLessThan(1e-4 * largestValue(expected))
    }
  })

  it('effective biases are exact to the last bit of float32', async () => {
    await useBackend('webgpu')
    const raw = Float32Array.from({ length: 400 }, (_, index) => index / 20 - 15)
    const values = await tf.softplus(tf.tensor1d(raw)).data()
    for (const [index, value] of raw.entries()) {
      const expected = Math.log(1 + Math.exp(value))
      expect(Math.abs((values[index] ?? NaN) / expected - 1)).toBeLessThanOrEqual(2 ** -24)
    }
  })

  it('a kernel that fails is known by the time that it gives values, and then nothing else gives any', async () => {
    await useBackend('webgpu')
    const product = () => tf.matMul(tf.ones([40, 40]), tf.ones([40, 40]))
    const zeros = await tf.addN(Array.from({ length: 12 }, product)).data()
    expect(largestValue(zeros)).toBe(0)
    expect(gpuFailure()).toMatchObject({
      code: 'internal',
      found: expect.stringMatching(/GPU that reported an error: .*storage buffers/) as string,
    })
    await expect(product().data()).rejects.toThrow()
  })

  it('closing while the GPU works refuses what is open, and the process goes on', async () => {
    const pool = await ComputePool.start({ backend: 'webgpu' })
    const open = [8, 9, 10].map((seed) => pool.explain(task(seed), () => file))
    const ends = Promise.allSettled(open)
    await pool.close()
    for (const end of await ends) expect(end.status).toBe('rejected')
  })
})

const elsewhere = process.platform !== 'linux'
it.skipIf(elsewhere)(
  titled('without a driver WebGPU is refused with the reason', elsewhere, 'only Linux needs Vulkan'),
  () => {
    const script = `import(${JSON.stringify(BACKEND)}).then((backend) => backend.useBackend('webgpu'))
    .catch(({ code, exitCode, found }) => console.log(JSON.stringify({ code, exitCode, found })))`
    const env = { ...process.env, LD_LIBRARY_PATH: '', VK_ICD_FILENAMES: '/nowhere.json' }
    const { stdout } = spawnSync(process.execPath, ['-e', script], { env, encoding: 'utf8' })
    const refusal: unknown = JSON.parse(stdout)
    expect(refusal).toMatchObject({ code: 'no_backend', exitCode: 1 })
    expect(refusal).toHaveProperty('found', expect.stringMatching(/^webgpu: no (Vulkan driver|GPU)/))
  },
)
