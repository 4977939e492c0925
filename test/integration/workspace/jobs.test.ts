import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  deleteCheckpoint,
  getJob,
  insertCurvePoints,
  insertJob,
  listCurvePoints,
  listJobs,
  listOpenJobs,
  loadCheckpoint,
  saveCheckpoint,
  updateJob,
} from '../../../src/engine/workspace/jobs.ts'
import { openWorkspace } from '../../../src/engine/workspace/open.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const { database } = openWorkspace(join(temporaryFolder(), 'jobs.heatproof'), { create: true })
const makeJob = (title: string) =>
  insertJob(database, { kind: 'train', title, request: { seed: 1, nested: { list: [1, 2] } }, unit: 'steps' })

const point = (step: number, loss: number) => ({
  epoch: step / 10,
  step,
  loss,
  accuracy: 0.5,
  validation: null,
})

describe('jobs', () => {
  test('are stored as queued with their request', () => {
    const id = makeJob('Train Deep')
    expect(getJob(database, id)).toMatchObject({
      kind: 'train',
      title: 'Train Deep',
      status: 'queued',
      request: { seed: 1, nested: { list: [1, 2] } },
      done: 0,
      total: 0,
      unit: 'steps',
      error: null,
      resultId: null,
      startedAt: null,
    })
    expect(getJob(database, 999)).toBeUndefined()
  })

  test('change field by field', () => {
    const id = makeJob('change')
    updateJob(database, id, { status: 'running', total: 10, detail: 'epoch 1' })
    updateJob(database, id, { done: 4 })
    updateJob(database, id, {})
    expect(getJob(database, id)).toMatchObject({ status: 'running', total: 10, done: 4, detail: 'epoch 1' })
    updateJob(database, id, { status: 'failed', error: 'no disk', resultId: 7 })
    expect(getJob(database, id)).toMatchObject({ status: 'failed', error: 'no disk', resultId: 7, done: 4 })
  })

  test('list newest first; the open ones oldest first', () => {
    const [first, second] = [makeJob('first'), makeJob('second')]
    updateJob(database, makeJob('third'), { status: 'done' })
    expect(listJobs(database, 2).map(({ title }) => title)).toEqual(['third', 'second'])
    const open = listOpenJobs(database).map(({ id }) => id)
    expect(open.slice(-2)).toEqual([first, second])
    expect(open).toEqual(open.toSorted((a, b) => a - b))
  })
})

describe('checkpoints', () => {
  test('replace each other and bring their curve along', () => {
    const id = makeJob('checkpoint')
    expect(loadCheckpoint(database, id)).toBeUndefined()
    saveCheckpoint(database, id, { epoch: 1, step: 10, state: Uint8Array.of(1, 2) }, [
      point(5, 2),
      point(10, 1),
    ])
    saveCheckpoint(database, id, { epoch: 2, step: 20, state: Uint8Array.of(3) }, [point(20, 0.5)])
    const checkpoint = loadCheckpoint(database, id)
    expect(checkpoint).toMatchObject({ epoch: 2, step: 20 })
    expect([...(checkpoint?.state ?? [])]).toEqual([3])
    expect(listCurvePoints(database, id)).toEqual([point(5, 2), point(10, 1), point(20, 0.5)])
    deleteCheckpoint(database, id)
    expect(loadCheckpoint(database, id)).toBeUndefined()
  })

  test('steps that are repeated after a resume replace the old ones', () => {
    const id = makeJob('curve')
    insertCurvePoints(database, id, [point(1, 3), point(2, 2)])
    insertCurvePoints(database, id, [point(2, 2.5), point(3, 1)])
    expect(listCurvePoints(database, id).map(({ step, loss }) => [step, loss])).toEqual([
      [1, 3],
      [2, 2.5],
      [3, 1],
    ])
  })
})
