import { expect, test } from 'vitest'
import { benchExports } from '../../../src/hosts/bench/exports.ts'
import { EXPORT_FORMS } from '../../../src/shared/export-forms.ts'

test('the export bench writes every form with every map, and measures it', async () => {
  const rows = await benchExports(16)
  expect(rows.map(({ form }) => form)).toEqual(EXPORT_FORMS)
  for (const { maps, bytes, seconds, goal } of rows) {
    expect(maps).toBe(16)
    expect(bytes).toBeGreaterThan(1000)
    expect(seconds).toBeGreaterThan(0)
    expect(goal).toBeCloseTo(0.096, 12)
  }
})
