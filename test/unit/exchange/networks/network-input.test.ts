import { expect, it } from 'vitest'
import { inputOf, type InputWishes } from '../../../../src/engine/exchange/networks/network-input.ts'

const RANGE: InputWishes = { range: [-1, 1] }

function read(
  shape: readonly number[],
  wishes: Partial<InputWishes> = {},
  usual: 'first' | 'last' = 'first',
) {
  const { size, input } = inputOf(shape, { ...RANGE, ...wishes }, usual, "the input 'x'")
  return { ...size, order: input.order }
}

it.each([
  { shape: [3, 32, 48], expected: { rows: 32, columns: 48, channels: 3, order: 'planes' } },
  { shape: [32, 48, 3], expected: { rows: 32, columns: 48, channels: 3, order: 'image' } },
  { shape: [4, 32, 48], expected: { rows: 32, columns: 48, channels: 4, order: 'planes' } },
  { shape: [1, 64, 48], expected: { rows: 64, columns: 48, channels: 1, order: 'image' } },
  { shape: [64, 48, 1], expected: { rows: 64, columns: 48, channels: 1, order: 'image' } },
])('finds the channels of $shape', ({ shape, expected }) => {
  expect(read(shape)).toEqual({ ...expected, steps: 1 })
  expect(read(shape, {}, 'last')).toEqual({ ...expected, steps: 1 })
})

it.each([[[16, 32, 48]], [[3, 8, 4]]])(
  'takes %j as its program has channels, or as somebody says',
  (shape) => {
    const [a = 0, b = 0, c = 0] = shape
    const first = { rows: b, columns: c, channels: a, order: 'planes', steps: 1 }
    const last = { rows: a, columns: b, channels: c, order: 'image', steps: 1 }
    expect(read(shape)).toEqual(first)
    expect(read(shape, {}, 'last')).toEqual(last)
    expect(read(shape, { channels: 'last' })).toEqual(last)
    expect(read(shape, { channels: 'first' }, 'last')).toEqual(first)
  },
)

it('refuses what is no image', () => {
  expect(() => read([2, 3, 4, 5])).toThrow(/\[2, 3, 4, 5\] as the input 'x'.*channels before or after/)
})
