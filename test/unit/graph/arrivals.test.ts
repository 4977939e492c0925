import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, it } from 'vitest'
import { useBackend } from '../../../src/engine/compute/backend.ts'
import { Arrivals } from '../../../src/engine/graph/arrivals.ts'

beforeAll(async () => {
  await useBackend('wasm')
})

const SHAPE = [2, 3, 4]
/** [axis, start, count]: side by side, with a gap, on top of each other, along both axes. */
const PIECES: [number, number, number][] = [
  [0, 2, 1],
  [0, 0, 1],
  [0, 1, 1],
  [1, 3, 1],
  [1, 0, 2],
  [1, 1, 2],
]

function pieceOf([axis, start, count]: [number, number, number], seed: number) {
  const shape = SHAPE.with(axis + 1, count)
  const node = { operation: 'slice', name: 's', input: 'x', axis, start, count, stride: 1 } as const
  return { node, signal: tf.randomUniform(shape, -1, 1, 'float32', seed) }
}

/** The sum of all pieces, each padded to the whole. */
function padded(): tf.Tensor {
  const wholes = PIECES.map((piece, seed) => {
    const { signal } = pieceOf(piece, seed)
    const [axis, start, count] = piece
    const around = SHAPE.map((size, at): [number, number] =>
      at === axis + 1 ? [start, size - start - count] : [0, 0],
    )
    return tf.pad(signal, around)
  })
  return tf.addN(wholes)
}

it('puts what slices hand on where they took it from, on top of what arrived whole', async () => {
  const arrivals = new Arrivals()
  arrivals.add('x', tf.ones(SHAPE))
  arrivals.add('x', tf.ones(SHAPE))
  for (const [seed, piece] of PIECES.entries()) {
    const { node, signal } = pieceOf(piece, seed)
    arrivals.addPiece(node, signal)
  }
  const found = await arrivals.take('x', SHAPE)?.data()
  const expected = await tf.add(padded(), 2).data()
  expect(found?.length).toBe(24)
  for (const [at, value] of expected.entries()) expect(found?.[at]).toBeCloseTo(value, 6)
})

it('keeps no tensors once a value was asked for', () => {
  const before = tf.memory().numTensors
  const arrivals = new Arrivals()
  arrivals.add('x', tf.ones(SHAPE))
  for (const [seed, piece] of PIECES.entries()) {
    const { node, signal } = pieceOf(piece, seed)
    arrivals.addPiece(node, signal)
  }
  arrivals.take('x', SHAPE)?.dispose()
  expect(tf.memory().numTensors).toBe(before)
  expect(arrivals.take('x', SHAPE)).toBeUndefined()
})
