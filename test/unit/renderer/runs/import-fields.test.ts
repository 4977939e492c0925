import { expect, test } from 'vitest'
import { importFields } from '../../../../src/renderer/views/runs/import-fields.ts'

const preview = { title: '0', rows: 1, columns: 1, channels: 1, input: [0], boxes: [] }
const images = { previews: [{ ...preview, map: null }] }
const maps = { previews: [{ ...preview, map: [1] }] }

test('audited sets and verdicts take no word, since the engine refuses any', () => {
  expect(importFields('audited-set', null)).toBe('none')
  expect(importFields('verdicts', { previews: [] })).toBe('none')
})

test('arrays may have maps until a look finds images alone', () => {
  expect(importFields('arrays', null)).toBe('maps')
  expect(importFields(null, null)).toBe('maps')
  expect(importFields('arrays', images)).toBe('samples')
  expect(importFields('arrays', maps)).toBe('maps')
  expect(importFields('virelay', maps)).toBe('maps')
})
