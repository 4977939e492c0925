import { describe, expect, test } from 'vitest'
import { describeEnd, type EngineEnd } from '../../../../src/hosts/child/engine-end.ts'
import { LastLines } from '../../../../src/hosts/child/last-lines.ts'

const END: EngineEnd = { code: null, signal: null, output: '', endedFor: null }

test.each([
  [{ signal: 'SIGKILL', endedFor: 'silence' as const }, 'It hung'],
  [{ signal: 'SIGKILL', endedFor: 'slow_stop' as const }, 'did not end when it was asked'],
  [{ signal: 'SIGABRT', output: 'FATAL ERROR: JavaScript heap out of memory' }, 'ran out of memory'],
  [{ signal: 'SIGTRAP', output: '# Fatal process out of memory: Zone' }, 'ran out of memory'],
  [{ signal: 'SIGABRT', output: 'double free' }, 'native code (SIGABRT)'],
  [{ signal: 'SIGSEGV' }, 'native code (SIGSEGV)'],
  [{ signal: 'SIGKILL' }, 'killed (SIGKILL)'],
  [{ signal: 'SIGHUP' }, 'ended by SIGHUP'],
  [{ code: 7 }, 'code 7'],
  [{}, 'could not be started'],
])('an end like %j is named: %s', (end, words) => {
  expect(describeEnd({ ...END, ...end })).toContain(words)
})

describe('the last lines', () => {
  test('are whole, also where an output comes in pieces', () => {
    const lines = new LastLines()
    for (const piece of ['JavaScript heap out ', 'of memory\nne', 'xt']) lines.add(piece)
    expect(lines.toString()).toBe('JavaScript heap out of memory\nnext')
  })

  test('are no more than 200', () => {
    const lines = new LastLines()
    for (let line = 0; line < 500; line += 1) lines.add(`${line}\n`)
    expect(lines.toString().split('\n')).toEqual(Array.from({ length: 200 }, (_, index) => `${300 + index}`))
  })
})
