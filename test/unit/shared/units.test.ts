import { describe, expect, it } from 'vitest'
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatEstimate,
  formatInstant,
  formatPercent,
  formatValue,
  plural,
  shortHash,
} from '../../../src/shared/units.ts'

describe('units', () => {
  it.each([
    [0.70278, '0.703'],
    [-0.25, '−0.250'],
    [null, '–'],
    [Number.NaN, '–'],
  ])('prints the value %s as %s', (value, text) => expect(formatValue(value)).toBe(text))

  it.each([
    [0, '0 %'],
    [0.0004, '< 0.1 %'],
    [0.125, '12.5 %'],
    [1, '100 %'],
    [null, '–'],
  ])('prints the share %s as %s', (share, text) => expect(formatPercent(share)).toBe(text))

  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [14_200_000, '14.2 MB'],
    [940_800_000, '941 MB'],
  ])('prints %i bytes as %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text))

  it.each([
    [0.2, 'under 1 s'],
    [8, '8 s'],
    [59.7, '1 min'],
    [200, '3 min 20 s'],
    [7500, '2 h 5 min'],
    [7200, '2 h'],
  ])('prints %d seconds as %s', (seconds, text) => expect(formatDuration(seconds)).toBe(text))

  it('prints counts, estimates, instants and hashes', () => {
    expect(formatCount(2000)).toBe('2,000')
    expect(plural(1, 'map')).toBe('1 map')
    expect(plural(0, 'sequence')).toBe('0 sequences')
    expect(formatEstimate({ value: 0.9, low: 0.8, high: 0.95 })).toBe('0.900 [0.800, 0.950]')
    expect(formatInstant('2026-03-04T12:05:00Z')).toMatch(/^2026-03-0[345] \d\d:\d5$/)
    expect(shortHash('a'.repeat(64))).toHaveLength(12)
  })
})
