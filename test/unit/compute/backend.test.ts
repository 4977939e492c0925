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
      device: 'CPU',
      software: false,
    })
    for (const { available, reason } of statuses) expect(reason === '').toBe(available)
  })

  it('auto takes native TensorFlow where it loads, else a real GPU, else wasm', async () => {
    const statuses = await availableBackends()
    const there = statuses.filter(({ available, software }) => available && !software).map(({ name }) => name)
    const first = (['tensorflow', 'webgpu', 'wasm'] as const).find((name) => there.includes(name))
    expect(await useBackend('auto')).toBe(first)
  })
})
