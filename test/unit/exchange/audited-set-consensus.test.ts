import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mapConsensus } from '../../../src/engine/exchange/audited-set-consensus.ts'
import type { ExportedVerdict } from '../../../src/engine/workspace/export-scans.ts'
import { FAILURE_MODES, VERDICTS, type ConsensusRule } from '../../../src/shared/names.ts'

function row(id: number, fields: Partial<ExportedVerdict>): ExportedVerdict {
  return {
    ...{ id, mapId: 1, reviewer: 'Ada', verdict: 'accept', modes: [], note: '', box: null, queueId: null },
    ...{
      probability: null,
      drawnAtRandom: false,
      position: null,
      blind: false,
      group: null,
      decisionId: id,
      action: 'decide',
    },
    createdAt: '2026-01-01T00:00:00.000Z',
    ...fields,
  }
}

describe('the consensus on a map', () => {
  test('of nobody is none', () => {
    expect(mapConsensus([])).toMatchObject({ consensus: 'none', modes: [], latest: new Set() })
    const withdrawn = [row(1, {}), row(2, { verdict: 'withdrawn', action: 'undo' })]
    expect(mapConsensus(withdrawn)).toMatchObject({ consensus: 'none', latest: new Set() })
  })

  test.each([
    ['majority', 'tie', []],
    ['unanimous', 'tie', []],
    ['any', 'fail', ['diffuse', 'other']],
  ] as const)('of one fail and one accept is by the rule %s a %s', (rule, expected, expectedModes) => {
    const rows = [
      row(1, { reviewer: 'A', verdict: 'fail', modes: ['diffuse', 'other'] }),
      row(2, { reviewer: 'B', verdict: 'accept' }),
    ]
    const { consensus, modes } = mapConsensus(rows, rule)
    expect({ consensus, modes: modes.toSorted() }).toEqual({ consensus: expected, modes: expectedModes })
  })

  test('of reviewers who all fail it has the modes that all, or any of them, have set', () => {
    const rows = [
      row(1, { reviewer: 'A', verdict: 'fail', modes: ['diffuse', 'other'] }),
      row(2, { reviewer: 'B', verdict: 'fail', modes: ['diffuse', 'background_leak'] }),
    ]
    const modesBy = (rule: ConsensusRule) => mapConsensus(rows, rule).modes.toSorted()
    expect(modesBy('unanimous')).toEqual(['diffuse'])
    expect(modesBy('any')).toEqual(['background_leak', 'diffuse', 'other'])
  })

  test('names the modes that most of those who fail it have set', () => {
    const fails = [
      row(1, { reviewer: 'A', verdict: 'fail', modes: ['diffuse', 'other'] }),
      row(2, { reviewer: 'B', verdict: 'fail', modes: ['diffuse', 'background_leak'] }),
      row(3, { reviewer: 'C', verdict: 'accept' }),
    ]
    const { consensus, modes, counts } = mapConsensus(fails)
    expect({ consensus, modes, counts }).toEqual({
      consensus: 'fail',
      modes: ['diffuse'],
      counts: { accept: 1, fail: 2, unsure: 0 },
    })
  })

  test('stands on the last word of each reviewer, counted in another way', () => {
    const verdict = fc.record({
      reviewer: fc.constantFrom('A', 'B', 'C', 'D'),
      verdict: fc.constantFrom(...VERDICTS, 'withdrawn' as const),
      modes: fc.uniqueArray(fc.constantFrom(...FAILURE_MODES), { minLength: 1, maxLength: 3 }),
    })
    fc.assert(
      fc.property(fc.array(verdict, { maxLength: 12 }), (casts) => {
        const history = casts.map((cast, index) =>
          row(index + 1, { ...cast, modes: cast.verdict === 'fail' ? cast.modes : [] }),
        )
        const last: Record<string, ExportedVerdict> = {}
        for (const cast of history) last[cast.reviewer] = cast
        const standing = Object.values(last).filter((cast) => cast.verdict !== 'withdrawn')
        const found = mapConsensus(history)
        expect(found.latest).toEqual(new Set(standing.map(({ id }) => id)))
        const majority = standing.find(
          (one) => standing.filter((other) => other.verdict === one.verdict).length > standing.length / 2,
        )
        expect(found.consensus).toBe(standing.length === 0 ? 'none' : (majority?.verdict ?? 'tie'))
      }),
      { seed: 1, numRuns: 300 },
    )
  })
})
