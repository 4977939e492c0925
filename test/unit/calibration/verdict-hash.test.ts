import { describe, expect, it } from 'vitest'
import { createHash } from 'node:crypto'
import { verdictHash, type HashedVerdict } from '../../../src/engine/calibration/verdict-hash.ts'

const first: HashedVerdict = {
  id: 1,
  mapId: 20,
  reviewer: 'Ada "A"',
  verdict: 'fail',
  modes: ['single_item_dominance', 'diffuse'],
  probability: 0.25,
  drawnAtRandom: true,
  createdAt: '2026-01-02T03:04:05.678Z',
}
const second: HashedVerdict = { ...first, id: 10, mapId: 21, verdict: 'accept', modes: [], probability: null }

describe('verdictHash', () => {
  it('is the SHA-256 of one JSON line a verdict', () => {
    const lines =
      '[1,20,"Ada \\"A\\"","fail",["diffuse","single_item_dominance"],0.25,true,"2026-01-02T03:04:05.678Z"]\n' +
      '[10,21,"Ada \\"A\\"","accept",[],null,true,"2026-01-02T03:04:05.678Z"]\n'
    expect(verdictHash([first, second])).toBe(createHash('sha256').update(lines).digest('hex'))
  })

  it('does not depend on the order of verdicts or modes', () => {
    expect(verdictHash([second, { ...first, modes: first.modes.toReversed() }])).toBe(
      verdictHash([first, second]),
    )
  })

  it.each<Partial<HashedVerdict>>([
    { id: 2 },
    { mapId: 22 },
    { reviewer: 'Bob' },
    { verdict: 'unsure' },
    { modes: ['diffuse'] },
    { probability: 0.5 },
    { drawnAtRandom: false },
    { createdAt: '2026-01-02T03:04:05.679Z' },
  ])('changes with %j', (change) => {
    expect(verdictHash([{ ...first, ...change }, second])).not.toBe(verdictHash([first, second]))
  })

  it('tells a missing verdict', () => {
    expect(verdictHash([first])).not.toBe(verdictHash([first, second]))
  })
})
