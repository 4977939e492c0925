import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readJsonLines, writeJsonLines } from '../../../src/engine/exchange/jsonl.ts'
import { errorOf } from '../../support/errors.ts'

describe('JSON Lines', () => {
  it('writes one value a line', () => {
    expect(writeJsonLines([{ a: 1, text: 'x\ny' }, [null]])).toBe('{"a":1,"text":"x\\ny"}\n[null]\n')
    expect(writeJsonLines([])).toBe('')
  })

  it('reads empty lines, a byte order mark and Windows line ends', () => {
    expect(readJsonLines('\ufeff{"a":1}\r\n\n2', 'x.jsonl')).toEqual([{ a: 1 }, 2])
  })

  it('round-trips any rows', () => {
    const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value))
    fc.assert(
      fc.property(fc.array(fc.dictionary(fc.string(), fc.jsonValue())), (rows) => {
        expect(readJsonLines(writeJsonLines(rows), 'x.jsonl')).toEqual(plain(rows))
      }),
      { seed: 8 },
    )
  })

  it.each([NaN, Infinity, -Infinity])('refuses to write %d', (value) => {
    const error = errorOf(() => writeJsonLines([{ scores: { cosine: value } }]))
    expect(error.code).toBe('bad_values')
    expect(error.found).toBe(`${value} as 'cosine'`)
  })

  it('names the line that is damaged', () => {
    const error = errorOf(() => readJsonLines('{}\n\n{"a":', 'x.jsonl'))
    expect(error.code).toBe('bad_file')
    expect(error.found).toContain('line 3')
    expect(error.found).toContain('x.jsonl')
  })
})
