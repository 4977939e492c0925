import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  consensusByMap,
  consensusOf,
  latestVerdicts,
  type CastVerdict,
} from '../../../src/engine/review/consensus.ts'
import type { FailureMode } from '../../../src/shared/names.ts'

const MODE = 'single_item_dominance'
/** `f` fails with the mode, `o` fails with another one, `b` with both, `a` accepts, `u` is unsure. */
const VOTES: Record<string, { verdict: 'accept' | 'fail' | 'unsure'; modes: FailureMode[] }> = {
  f: { verdict: 'fail', modes: [MODE] },
  o: { verdict: 'fail', modes: ['diffuse'] },
  b: { verdict: 'fail', modes: ['diffuse', MODE] },
  a: { verdict: 'accept', modes: [] },
  u: { verdict: 'unsure', modes: [] },
}
const votes = (letters: string) =>
  Array.from(letters, (letter) => VOTES[letter] ?? { verdict: 'unsure' as const, modes: [] })

describe('consensusOf', () => {
  it.each([
    ['f', 'fail'],
    ['a', 'accept'],
    ['u', 'unsure'],
    ['o', 'other_mode'],
    ['b', 'fail'],
    ['ff', 'fail'],
    ['fa', 'tie'],
    ['fu', 'tie'],
    ['ffa', 'fail'],
    ['aaf', 'accept'],
    ['auu', 'unsure'],
    ['fau', 'tie'],
    ['fo', 'tie'],
    ['ffo', 'fail'],
    ['foo', 'other_mode'],
    ['fob', 'fail'],
    ['foa', 'tie'],
    ['ffau', 'tie'],
    ['fffau', 'fail'],
    ['ffaa', 'tie'],
    ['ooaaa', 'accept'],
  ])('%s: %s', (letters, expected) => {
    expect(consensusOf(votes(letters), MODE)).toBe(expected)
  })

  it('does not depend on who said it first', () => {
    const letters = fc.array(fc.constantFrom(...Object.keys(VOTES)), { minLength: 1, maxLength: 7 })
    fc.assert(
      fc.property(letters, (all) => {
        expect(consensusOf(votes(all.toReversed().join('')), MODE)).toBe(
          consensusOf(votes(all.join('')), MODE),
        )
      }),
    )
  })
})

const row = (id: number, mapId: number, reviewer: string, letter: string): CastVerdict => ({
  id,
  mapId,
  reviewer,
  ...(VOTES[letter] ?? { verdict: 'withdrawn', modes: [] }),
})

describe('latestVerdicts', () => {
  it('keeps the largest id of each reviewer and map, in whatever order the rows come', () => {
    const rows = [row(5, 1, 'Ada', 'a'), row(2, 1, 'Ada', 'f'), row(3, 1, 'Bob', 'u'), row(4, 2, 'Ada', 'o')]
    expect(latestVerdicts(rows).map(({ id }) => id)).toEqual([3, 4, 5])
  })

  it('counts a withdrawn verdict for nothing, and a later one again', () => {
    expect(latestVerdicts([row(1, 1, 'Ada', 'f'), row(2, 1, 'Ada', 'withdrawn')])).toEqual([])
    const again = [row(1, 1, 'Ada', 'f'), row(2, 1, 'Ada', 'withdrawn'), row(3, 1, 'Ada', 'a')]
    expect(latestVerdicts(again).map(({ id }) => id)).toEqual([3])
  })

  it('tells reviewers and maps apart whatever their names hold', () => {
    expect(latestVerdicts([row(1, 1, '1,"x"', 'f'), row(2, 1, '1', 'a'), row(3, 11, '', 'a')])).toHaveLength(
      3,
    )
  })
})

describe('consensusByMap', () => {
  it('sorts maps into failing, accepted and left out by reason', () => {
    const rows = [
      row(1, 30, 'Ada', 'f'),
      row(2, 30, 'Bob', 'a'),
      row(12, 10, 'Ada', 'a'),
      row(4, 20, 'Ada', 'a'),
      row(5, 20, 'Ada', 'f'),
      row(6, 40, 'Ada', 'u'),
      row(7, 50, 'Ada', 'o'),
      row(8, 60, 'Ada', 'f'),
      row(9, 60, 'Ada', 'withdrawn'),
    ]
    expect(consensusByMap(rows, MODE)).toEqual({
      decided: [
        { mapId: 10, fails: false, verdicts: [row(12, 10, 'Ada', 'a')] },
        { mapId: 20, fails: true, verdicts: [row(5, 20, 'Ada', 'f')] },
      ],
      leftOut: { ties: 1, unsure: 1, otherModes: 1 },
    })
  })
})
