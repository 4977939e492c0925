import { expect, test } from 'vitest'
import { kernelShare, shareOfKernels } from '../../../src/hosts/bench/kernel-share.ts'

const frame = (functionName: string, url = '') => ({
  functionName,
  url,
  scriptId: '0',
  lineNumber: -1,
  columnNumber: -1,
})

test('native calls and WebAssembly are kernels; JavaScript and its garbage are not; idle time counts for nothing', () => {
  const frames = [
    frame('(idle)'),
    frame(''),
    frame('wasm-function[7]', 'wasm://wasm/1234'),
    frame('train', 'file:///train.ts'),
    frame('(garbage collector)'),
  ]
  const nodes = frames.map((callFrame, id) => ({ id, callFrame }))
  const profile = {
    nodes,
    startTime: 0,
    endTime: 1,
    samples: [0, 1, 2, 3, 4],
    timeDeltas: [999, 30, 50, 15, 5],
  }
  expect(shareOfKernels(profile)).toBe(0.8)
})

test('a loop in JavaScript has no kernels', async () => {
  const share = await kernelShare(() => {
    for (let turn = 0; turn < 1e6; turn += 1) Math.sqrt(turn)
    return Promise.resolve()
  })
  expect(share).toBeLessThan(0.2)
})
