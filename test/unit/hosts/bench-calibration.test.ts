import { expect, test } from 'vitest'
import { benchCalibration } from '../../../src/hosts/bench/calibration.ts'

test('a fit is timed for as many verdicts and resamples as asked, beside the goal', async () => {
  const row = await benchCalibration({ verdicts: 100, resamples: 100 })
  expect(row).toMatchObject({ verdicts: 100, resamples: 100, metrics: 15, goal: 10 })
  expect(row.seconds).toBeGreaterThan(0)
  expect(row.processorSeconds).toBeGreaterThan(0)
})
