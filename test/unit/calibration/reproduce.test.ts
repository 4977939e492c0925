import { describe, expect, it } from 'vitest'
import { compareBytes, differingPaths } from '../../../src/engine/calibration/reproduce.ts'
import { someFit } from '../../integration/figures/some-fit.ts'

const fit = { ...someFit({ tau: 0.7 }), code: { version: '0.1.0', method: 2 } }

describe('compareBytes', () => {
  it('is identical for the same bytes alone', () => {
    expect(compareBytes(JSON.stringify(fit), fit, fit)).toMatchObject({
      identical: true,
      differences: [],
      reasons: [],
    })
    const { seed, ...others } = fit
    const moved = compareBytes(JSON.stringify({ ...others, seed }), fit, fit)
    expect(moved).toMatchObject({ identical: false, differences: ['fit (order of fields)'] })
    expect(moved.stored).not.toBe(moved.now)
  })

  it('names what differs and why it may', () => {
    const older = { ...fit, code: { version: '0.0.9', method: 2 }, verdictHash: '1'.repeat(64) }
    const { differences, reasons } = compareBytes(JSON.stringify(older), fit, older)
    expect(differences).toEqual(['code.version', 'verdictHash'])
    expect(reasons.join(' ')).toMatch(/Heatproof 0\.0\.9; this is 0\.1\.0.*not the same rows/)
    const oldest = { ...fit, code: null }
    expect(compareBytes(JSON.stringify(oldest), fit, oldest).reasons[0]).toContain('before the program kept')
  })
})

it('differingPaths goes into lists and names missing fields', () => {
  expect(differingPaths({ a: [1, { b: 2 }], c: 1 }, { a: [1, { b: 3 }], d: 1 })).toEqual(['a.1.b', 'c', 'd'])
  expect(differingPaths([1], [1])).toEqual([])
})
