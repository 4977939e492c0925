import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { MUTATIONS } from '../mutations/mutations.ts'

test.each(MUTATIONS)('the line of the mistake "$name" is in $file once', ({ file, find, replace }) => {
  expect(readFileSync(`src/engine/${file}`, 'utf8').split(find)).toHaveLength(2)
  expect(replace).not.toBe(find)
})
