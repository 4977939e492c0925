import * as tf from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import { availableBackends, useBackend } from '../../../src/engine/compute/backend.ts'

describe('compute backends', () => {
  it('wasm is always there and computes', async () => {
    expect(await useBackend('wasm')).toBe('wasm')
    expect(tf.getBackend()).toBe('wasm')
    expect([...tf.matMul([[1, 2]], [[3], [4]]).dataSync()]).toEqual([11])
  })

  it('asking what is there leaves the one in use in use', async () => {
    await useBackend('wasm')
    const statuses = await availableBackends()
    expect(tf.getBackend()).toBe('wasm')
    expect(tf.backend()).toBe(tf.findBackend('wasm'))
    expect(statuses.find(({ name }) => name === 'wasm')).toEqual({
      name: 'wasm',
      available: true,
      reason: '',
    })
    for (const { available, reason } of statuses) expect(reason === '').toBe(available)
  })

  it('auto takes native TensorFlow where it loads, else wasm', async () => {
    const statuses = await availableBackends()
    const native = statuses.some(({ name, available }) => name === 'tensorflow' && available)
    expect(await useBackend('auto')).toBe(native ? 'tensorflow' : 'wasm')
  })

  it('one that cannot be used is refused with the reason', async () => {
    await expect(useBackend('webgpu')).rejects.toMatchObject({ code: 'no_backend', exitCode: 1 })
    await expect(useBackend('webgpu')).rejects.toThrow(/webgpu: not supported/)
  })
})
