import { expect, test } from 'vitest'
import { requireSelection } from '../../../src/engine/exchange/audited-set-selection.ts'
import { errorOf } from '../../support/errors.ts'

const selectionOf = (count: number) => ({
  matching: 70_000,
  lastVerdictId: 0,
  rule: 'majority' as const,
  reviewers: null,
  maps: Array.from({ length: count }, (_, index) => ({
    mapId: index,
    sampleId: 1,
    modelId: 1,
    method: 'sa',
  })),
})

test('a selection without maps is refused with what was asked for', () => {
  const request = { include: 'accepted', form: 'set', format: 'folder', images: true } as const
  const error = errorOf(() => requireSelection(selectionOf(0), request))
  expect(error.code).toBe('bad_argument')
  expect(error.found).toMatch(/70000 match.*consensus verdict accept/)
})

test('more pictures than a zip can hold are refused before they are drawn', () => {
  const many = selectionOf(65_535)
  const request = { include: 'any', form: 'set', format: 'zip', images: true } as const
  expect(errorOf(() => requireSelection(many, request)).code).toBe('bad_argument')
  requireSelection(many, { ...request, images: false })
  requireSelection(many, { ...request, format: 'folder' })
  requireSelection(selectionOf(60_000), request)
})
