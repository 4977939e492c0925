import { describe, expect, test } from 'vitest'
import { ACCESS, isAtLeast, namedIn } from '../../../src/shared/contract/access.ts'
import { contract } from '../../../src/shared/contract/contract.ts'
import { STANDINGS } from '../../../src/shared/contract/reviewers.ts'

describe('who may call what', () => {
  test('is said of every procedure, and of nothing else', () => {
    expect(Object.keys(ACCESS).sort()).toEqual(Object.keys(contract).sort())
  })

  test('does not compile where an input names somebody and the row does not say where', () => {
    // @ts-expect-error `as` is missing
    const row: (typeof ACCESS)['review.decide'] = { may: 'reviewer' }
    // @ts-expect-error a row is missing
    const table: typeof ACCESS = { 'jobs.list': { may: 'reviewer' } }
    expect([row, table]).toHaveLength(2)
  })

  test('an owner may do what a lead may, and a lead what a reviewer may', () => {
    const allowed = STANDINGS.map((needed) => STANDINGS.filter((standing) => isAtLeast(standing, needed)))
    expect(allowed).toEqual([['reviewer', 'lead', 'owner'], ['lead', 'owner'], ['owner']])
  })

  test('finds whom an input names, also inside', () => {
    expect(namedIn('review.undo', { reviewer: 'Ada' })).toBe('Ada')
    expect(namedIn('review.item', { mapId: 1, asked: { queueId: 1, reviewer: 'Ada' } })).toBe('Ada')
    expect(namedIn('review.item', { mapId: 1 })).toBeUndefined()
    expect(namedIn('jobs.get', { id: 1 })).toBeUndefined()
  })
})
