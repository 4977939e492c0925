import { expect, test } from 'vitest'
import { importedCounts } from '../../../src/shared/imports.ts'

test.each([
  [{ samples: 6, maps: 1200 }, '6 samples, 1,200 maps'],
  [{ images: 1 }, '1 image without maps, to be explained by a run'],
  [{ images: 600 }, '600 images without maps, to be explained by a run'],
  [{ images: 0 }, 'no new images, as the workspace has them all'],
])('what an import brought is said: %o', (counts, says) => {
  expect(importedCounts(counts)).toBe(says)
})
