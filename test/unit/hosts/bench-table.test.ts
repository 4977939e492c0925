import { expect, test } from 'vitest'
import { printReport, type BenchReport } from '../../../src/hosts/bench/table.ts'

const REPORT: BenchReport = {
  at: '2026-01-01T00:00:00.000Z',
  node: '24.0.0',
  cpus: 'a processor',
  cores: 2,
  compute: [],
  epochs: [],
  app: [],
  memory: [],
  calibration: {
    verdicts: 5000,
    resamples: 2000,
    metrics: 15,
    seconds: 1.234,
    processorSeconds: 1.5,
    goal: 10,
  },
  exports: [{ form: 'set', maps: 10_000, bytes: 127_000_000, seconds: 20.44, goal: 60 }],
  figures: [{ figure: 'gb-gates', maps: 1_000_000, seconds: 0.614, processorSeconds: 0.4, goal: 1 }],
  peer: {
    rows: [
      {
        peer: 'PyTorch 2.4.0, 2 threads',
        architecture: 'deep',
        task: 'four',
        milliseconds: 50,
        ratios: [
          { backend: 'tensorflow', ratio: 0.9, smallest: 0.8, largest: 1.1, goal: 1 },
          { backend: 'wasm', ratio: 1.8, smallest: 1.7, largest: 1.9, goal: null },
        ],
      },
    ],
    missing: '',
  },
  review: {
    maps: 100_000,
    rows: [
      { task: 'filter change', median: 41.26, slow: 90, goal: 150, blocked: 33.3, processor: 40 },
      { task: 'item', median: 1, slow: 2, goal: null, blocked: null, processor: null },
    ],
    skipped: [{ task: 'key to picture', reason: 'no Chromium (not installed)' }],
  },
  ui: null,
  missing: [],
}

test('the review stands with its goals beside the figures, and what was skipped with the reason', () => {
  const lines = printReport(REPORT).split('\n')
  const words = lines.map((line) => line.split(/ {2,}/))
  expect(words).toContainEqual(['filter change', '41.3', '90.0', '150', '33.3', '40.0'])
  expect(words).toContainEqual(['item', '1.0', '2.0'])
  expect(lines.some((line) => line.startsWith('review of 100,000 maps'))).toBe(true)
  expect(lines.at(-1)).toBe('key to picture: skipped, no Chromium (not installed)')
})

test('each figure stands with its goal beside its times', () => {
  const words = printReport(REPORT)
    .split('\n')
    .map((line) => line.split(/ {2,}/))
  expect(words).toContainEqual(['gb-gates', '1,000,000', '0.61', '0.40', '1'])
})

test('the calibration stands with its goal beside its times', () => {
  const words = printReport(REPORT)
    .split('\n')
    .map((line) => line.split(/ {2,}/))
  expect(words).toContainEqual(['5,000 verdicts', '15', '2,000', '1.23', '1.50', '10'])
})

test('each export stands with its goal beside its time', () => {
  const words = printReport(REPORT)
    .split('\n')
    .map((line) => line.split(/ {2,}/))
  expect(words).toContainEqual(['Audited set', '10,000', '127 MB', '20.4', '60'])
})

test('what was left out has no table', () => {
  const report = printReport({ ...REPORT, review: null, calibration: null, exports: null, figures: null })
  expect(report).not.toMatch(/review of|calibration of|export as/)
})

test('a peer stands with the ratio to it, or with the reason why it was skipped', () => {
  const words = printReport(REPORT)
    .split('\n')
    .map((line) => line.split(/ {2,}/))
  const peer = ['PyTorch 2.4.0, 2 threads', 'deep', 'four', '50.0']
  expect(words).toContainEqual([...peer, 'tensorflow', '0.90', '0.80', '1.10', '1.0'])
  expect(words).toContainEqual([...peer, 'wasm', '1.80', '1.70', '1.90'])
  const skipped = printReport({ ...REPORT, peer: { rows: [], missing: 'python3 has no torch and numpy' } })
  expect(skipped).toContain('peer: skipped, python3 has no torch and numpy')
})
