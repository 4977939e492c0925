import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  idParameter,
  parseAddress,
  printAddress,
  reviewAddress,
  SCREENS,
} from '../../../src/renderer/lib/routing.ts'

describe('addresses', () => {
  it('round-trip for every screen and any parameters', () => {
    const parameters = fc.dictionary(
      fc.string({ minLength: 1 }).filter((key) => key !== 'token' && key !== '__proto__'),
      fc.string(),
    )
    fc.assert(
      fc.property(fc.constantFrom(...SCREENS), parameters, (screen, given) => {
        expect(parseAddress(printAddress(screen, given))).toEqual({ screen, parameters: { ...given } })
      }),
    )
  })

  it('show Review where the path is unknown or empty', () => {
    expect(parseAddress('/').screen).toBe('review')
    expect(parseAddress('/nowhere/else').screen).toBe('review')
    expect(parseAddress('/runs/anything').screen).toBe('runs')
  })

  it('never keep the token', () => {
    expect(parseAddress('/review?token=secret&map=3').parameters).toEqual({ map: '3' })
  })

  it('leave out parameters without a value', () => {
    expect(printAddress('review', { queue: 3, map: null, view: undefined })).toBe('/review?queue=3')
  })

  it.each([
    ['3', 3],
    ['0', null],
    ['-1', null],
    ['1.5', null],
    ['x', null],
    ['1e400', null],
    [undefined, null],
  ])('read %s as the id %s', (text, id) => {
    const parameters: Record<string, string> = text === undefined ? {} : { queue: text }
    expect(idParameter({ screen: 'review', parameters }, 'queue')).toBe(id)
  })

  it('carry a request for a new queue', () => {
    const { screen, parameters } = parseAddress(
      reviewAddress({ filter: { method: ['sa'] }, order: 'uncertain' }),
    )
    expect(screen).toBe('review')
    expect(JSON.parse(parameters.draw ?? '')).toEqual({ filter: { method: ['sa'] }, order: 'uncertain' })
  })
})
