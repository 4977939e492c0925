import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { Job } from '../../../src/shared/contract/jobs.ts'
import type { EngineEvent } from '../../../src/shared/contract/contract.ts'
import { fewerEvents, PAUSE_MS } from '../../../src/hosts/server/fewer-events.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function stream() {
  const sent: (string[] | 'job')[] = []
  const events = fewerEvents((event) => sent.push(event.type === 'changed' ? [...event.what] : 'job'))
  const changed = (...what: Extract<EngineEvent, { type: 'changed' }>['what']) =>
    events.take({ type: 'changed', what })
  return { sent, changed, ...events }
}

it('passes the first change on at once, and those within a pause together after it', () => {
  const { sent, changed } = stream()
  changed('verdicts')
  expect(sent).toEqual([['verdicts']])
  changed('verdicts')
  changed('queues', 'verdicts')
  expect(sent).toHaveLength(1)
  vi.advanceTimersByTime(PAUSE_MS)
  expect(sent.slice(1)).toEqual([['verdicts', 'queues']])
  changed('runs')
  expect(sent).toHaveLength(2)
  vi.advanceTimersByTime(2 * PAUSE_MS)
  changed('maps')
  expect(sent.slice(2)).toEqual([['runs'], ['maps']])
})

it('passes the event of a job on at once, after the changes before it', () => {
  const { sent, changed, take } = stream()
  changed('maps')
  changed('runs')
  take({ type: 'job', job: {} as Job })
  expect(sent).toEqual([['maps'], ['runs'], 'job'])
})

it('sends nothing after its end', () => {
  const { sent, changed, stop } = stream()
  changed('maps')
  changed('runs')
  stop()
  vi.advanceTimersByTime(10 * PAUSE_MS)
  expect(sent).toEqual([['maps']])
})
