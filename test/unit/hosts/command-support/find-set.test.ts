import { expect, test } from 'vitest'
import { findSet } from '../../../../src/hosts/command-support/find-set.ts'

const set = (id: number, name: string) => ({
  ...{ id, name, dataset: name, count: 5, rows: 8, columns: 8, channels: 3 },
})
const SETS = [set(3, 'photos'), set(4, 'scans'), set(5, 'photos'), set(6, '4')]

test('a set is found by its name or its id, and a word for several is refused with their ids', () => {
  expect(findSet('scans', SETS).id).toBe(4)
  expect(findSet('5', SETS).id).toBe(5)
  expect(() => findSet('photos', SETS)).toThrow("2 imported sets 'photos'; expected the id of one: 3, 5")
  expect(() => findSet('4', SETS)).toThrow('the id of one: 4, 6')
  expect(() => findSet('cats', SETS)).toThrow(
    "no imported set 'cats' in the workspace; expected one of 3 (photos), 4 (scans)",
  )
})
