import { expect, test } from 'vitest'
import { fasterTimes, peerRows, type Turn } from '../../../src/hosts/bench/peer.ts'

function turn(own: number, peer: number): Turn {
  const timing = (milliseconds: number) => ({ milliseconds, fastest: milliseconds, slowest: milliseconds })
  return {
    own: (['forward', 'dtd', 'four', 'train'] as const).map((task) => ({
      backend: 'tensorflow',
      architecture: 'deep',
      workers: 2,
      task,
      ...timing(own),
      sequencesPerSecond: 1,
      inKernels: 1,
    })),
    peer: { torch: '2.4.0', threads: 2, forward: timing(peer), four: timing(peer), train: timing(peer) },
  }
}

test('ratios are of the same turn: a turn in which the machine was busy does not decide them', () => {
  const rows = peerRows('deep', [turn(30, 40), turn(90, 100), turn(33, 30)])
  expect(rows.find(({ task }) => task === 'four')).toEqual({
    peer: 'PyTorch 2.4.0, 2 threads',
    architecture: 'deep',
    task: 'four',
    milliseconds: 40,
    ratios: [{ backend: 'tensorflow', ratio: 0.9, smallest: 0.75, largest: 1.1, goal: 1 }],
  })
})

test('zennit has a row of its own, where it is', () => {
  const zennit = { milliseconds: 60, fastest: 60, slowest: 60 }
  expect(peerRows('deep', [turn(30, 40)]).map(({ task }) => task)).toEqual(['forward', 'four', 'train'])
  const { own, peer } = turn(30, 40)
  const rows = peerRows('deep', [{ own, peer: { ...peer, zennit_dtd: zennit } }])
  expect(rows.find(({ task }) => task === 'dtd')?.ratios).toMatchObject([{ ratio: 0.5, goal: 0.5 }])
})

test('of two batch sizes the peer counts with the faster one, task by task', () => {
  const [small, large] = [turn(1, 40).peer, { ...turn(1, 50).peer, four: turn(1, 30).peer.four }]
  expect(fasterTimes(small, large)).toMatchObject({
    forward: { milliseconds: 40 },
    four: { milliseconds: 30 },
    train: { milliseconds: 40 },
  })
})
