import { expect, test } from 'vitest'
import { modelsNoun, sampleNoun, titleOf } from '../../../src/renderer/lib/sample-noun.ts'

test('imported samples are images, drawn ones sequences', () => {
  expect(sampleNoun({ split: 'imported' })).toBe('image')
  expect(sampleNoun({ split: 'test' })).toBe('sequence')
  expect(titleOf('image')).toBe('Image')
})

test('models explain images where none of them knows a built-in data set', () => {
  expect(modelsNoun([{ dataset: 'discs' }, { dataset: '' }])).toBe('image')
  expect(modelsNoun([{ dataset: 'discs' }, { dataset: 'mnist-3-digits-maj' }])).toBe('sequence')
  expect(modelsNoun([])).toBe('sequence')
})
