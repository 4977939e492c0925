import { describe, expect, it } from 'vitest'
import { batched, unpackFloats } from '../../../src/renderer/lib/batched.ts'

describe('batched', () => {
  it('loads what is asked for in one turn together, at most so many at a time', async () => {
    const loads: number[][] = []
    const load = batched<number, string>((keys) => {
      loads.push([...keys])
      return Promise.resolve(keys.map(String))
    }, 2)
    expect(await Promise.all([load(3), load(1), load(2)])).toEqual(['3', '1', '2'])
    expect(await load(4)).toBe('4')
    expect(loads).toEqual([[3, 1], [2], [4]])
  })

  it('fails for those that were loaded together, and for those that an answer lacks', async () => {
    const load = batched<number, string>((keys) => {
      if (keys[0] === 1) throw new Error('no answer')
      return Promise.resolve(['only one'])
    }, 2)
    const answers = await Promise.allSettled([load(1), load(2), load(3), load(4)])
    expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled', 'rejected'])
  })
})

describe('unpackFloats', () => {
  it('gives arrays of different lengths back', () => {
    const bytes = [Uint32Array.of(8), Float32Array.of(1.5, -2), Uint32Array.of(4), Float32Array.of(1e30)]
    const packed = new Uint8Array(bytes.flatMap((part) => [...new Uint8Array(part.buffer)])).buffer
    expect(unpackFloats(packed)).toEqual([Float32Array.of(1.5, -2), Float32Array.of(1e30)])
    expect(unpackFloats(new ArrayBuffer(0))).toEqual([])
  })
})
