import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, test } from 'vitest'
import { useBackend } from '../../../src/engine/compute/backend.ts'
import { dropoutMasks, type DropoutOptions } from '../../../src/engine/models/dropout.ts'

beforeAll(async () => {
  await useBackend('wasm')
})

const STEPS = 4
const ROWS = 40
const COLUMNS = 251

function maskOf(options: Partial<DropoutOptions>, place = 'hidden', step?: number): Float32Array {
  const rows = step === undefined ? ROWS * STEPS : ROWS
  return tf.tidy(() => {
    const masks = dropoutMasks({
      keep: 0.8,
      stationary: false,
      seed: 1,
      trainingStep: 0,
      steps: STEPS,
      ...options,
    })
    const mask = masks.mask(place, [rows, COLUMNS], step)
    return mask === undefined ? new Float32Array() : Float32Array.from(mask.dataSync())
  })
}

test.each([0.1, 0.5, 0.8, 0.999])('keeps %d of all values, and makes those larger', (keep) => {
  const mask = maskOf({ keep })
  const kept = mask.filter((value) => value !== 0)
  expect(new Set(kept)).toEqual(new Set([Math.fround(1 / keep)]))
  const deviation = Math.sqrt((keep * (1 - keep)) / mask.length)
  expect(Math.abs(kept.length / mask.length - keep)).toBeLessThan(4 * deviation)
})

test('neighbours are kept independently of each other', () => {
  const mask = maskOf({ keep: 0.5 })
  for (const distance of [1, 2, 3]) {
    const pairs = mask.length - distance
    const alike = mask.subarray(distance).filter((value, index) => value === mask[index])
    expect(Math.abs(alike.length / pairs - 0.5)).toBeLessThan(4 * Math.sqrt(0.25 / pairs))
  }
})

test('a mask depends on seed, training step, place and step of the sequence, and on nothing else', () => {
  const mask = maskOf({}, 'hidden', 1)
  expect(maskOf({}, 'hidden', 1)).toEqual(mask)
  for (const other of [
    maskOf({ seed: 2 }, 'hidden', 1),
    maskOf({ trainingStep: 1 }, 'hidden', 1),
    maskOf({}, 'h', 1),
    maskOf({}, 'hidden', 2),
  ]) {
    expect(other).not.toEqual(mask)
  }
})

test('a stationary mask is the same at every step, stacked or one by one', () => {
  const one = maskOf({ stationary: true }, 'in1', 0)
  expect(maskOf({ stationary: true }, 'in1', 3)).toEqual(one)
  const all = maskOf({ stationary: true }, 'in1')
  for (let step = 0; step < STEPS; step += 1) {
    expect(all.subarray(step * one.length, (step + 1) * one.length)).toEqual(one)
  }
})

test('nothing is drawn where everything is kept', () => {
  expect(maskOf({ keep: 1 })).toHaveLength(0)
})
