import { expect, test } from 'vitest'
import { commonClassName } from '../../../src/shared/class-names.ts'

const digits = { dataset: 'mnist-3-digits-maj', given: undefined }
const garments = { dataset: 'fashion-mnist-3-items-maj', given: undefined }
const pets = { dataset: 'pets', given: ['cat', 'dog'] }

test('a class has the name that all data sets give it', () => {
  expect(commonClassName([pets, { dataset: 'more pets', given: ['cat', 'dog', 'owl'] }], 1)).toBe('dog')
  expect(commonClassName([digits], 7)).toBe('7')
})

test('data sets that have no name for a class say nothing of it', () => {
  expect(commonClassName([pets, garments], 3)).toBe('Dress')
  expect(commonClassName([pets, { dataset: 'without names', given: undefined }], 0)).toBe('cat')
  expect(commonClassName([pets], 5)).toBe('5')
  expect(commonClassName([], 5)).toBe('5')
})

test('where names differ the number stands before them, and the first three are named', () => {
  expect(commonClassName([garments, pets], 0)).toBe('0 (T-shirt/top, cat)')
  expect(commonClassName([digits, pets], 1)).toBe('1 (1, dog)')
  const others = ['ant', 'bee'].map((name) => ({ dataset: name, given: [name] }))
  expect(commonClassName([garments, pets, ...others], 0)).toBe('0 (T-shirt/top, cat, ant, …)')
})
