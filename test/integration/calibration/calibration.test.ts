import { beforeEach, describe, expect, test } from 'vitest'
import {
  CalibrationFit,
  CalibrationVersion,
  VerdictCounts,
} from '../../../src/shared/contract/calibration.ts'
import { QueueRequest } from '../../../src/shared/contract/queues.ts'
import { fitVerdicts } from '../../../src/engine/api/calibration.ts'
import { scoreStored } from '../../../src/engine/metrics/score.ts'
import { valuesOf } from '../../../src/engine/review/map-columns.ts'
import { MapTable } from '../../../src/engine/review/map-table.ts'
import { listActivations } from '../../../src/engine/workspace/calibrations.ts'
import { eachMapShares, marksOf } from '../../../src/engine/workspace/map-shares.ts'
import { fillWorkspace } from '../../../src/hosts/bench/generated-workspace.ts'
import { addOtherClassMaps } from '../support/class-maps.ts'
import { decision } from '../support/reviewed-workspace.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { REQUEST, reviewedWorld } from './reviewed-world.ts'

const folder = temporaryFolder()
let world: Awaited<ReturnType<typeof reviewedWorld>>
beforeEach(async () => {
  world = await reviewedWorld(folder)
})

/** Whether what Review, queues, Runs and exports say of every map is what its stored shares give under tau. */
async function scoresFollow(tau: number): Promise<boolean> {
  const { database, review, maps } = world
  const columns = maps.current()
  const fresh = new MapTable(database).current()
  expect(columns.values).toEqual(fresh.values)
  for (const { id, sampleId, ...shares } of eachMapShares(database)) {
    const expected = scoreStored(shares, marksOf(database, sampleId), tau)
    const { scores } = await review['review.item']({ mapId: id })
    const shown = scores.map(({ metric, value, state }) => ({ metric, value, state }))
    if (JSON.stringify(shown) !== JSON.stringify(expected)) return false
    if (expected.some(({ metric, value }) => valuesOf(columns, metric)(id) !== value)) return false
  }
  return true
}

describe('counting verdicts', () => {
  test('tells ties, unsure and other modes apart', async () => {
    const { calibration, review, items } = world
    const counts = () => calibration['calibration.counts'](REQUEST)
    const before = VerdictCounts.parse(await counts())
    expect(before.positives + before.negatives).toBe(100)
    expect(before).toMatchObject({ ties: 0, unsure: 0, otherModes: 0, undefined: 0, missingPositives: 0 })
    const accepted = items.flatMap(({ mapId }) => mapId).filter((mapId) => verdictOf(mapId) === 'accept')
    const [tie = 0, unsure = 0, other = 0] = accepted
    await review['review.decide'](decision('Bob', [tie], 'fail'))
    await review['review.decide'](decision('Ada', [unsure], 'unsure'))
    await review['review.decide'](decision('Ada', [other], 'fail', ['diffuse']))
    expect(await counts()).toEqual({
      ...before,
      negatives: before.negatives - 3,
      ties: 1,
      unsure: 1,
      otherModes: 1,
    })
  })

  test('leaves maps of another class out of counts and fit, and counts them', async () => {
    const { calibration, database, review, items } = world
    const [before, fit] = [
      await calibration['calibration.counts'](REQUEST),
      await calibration['calibration.fit'](REQUEST),
    ]
    const added = addOtherClassMaps(
      database,
      items.slice(0, 12).map(({ mapId }) => mapId),
    )
    await review['review.decide'](decision('Ada', added.slice(0, 11), 'fail'))
    await review['review.decide'](decision('Ada', added.slice(11), 'unsure'))
    const counts = { ...before, unsure: 1, otherClass: 11 }
    expect(await calibration['calibration.counts'](REQUEST)).toEqual(counts)
    const { verdictIds, verdictHash, ...again } = await calibration['calibration.fit'](REQUEST)
    expect({ ...again, verdictIds: fit.verdictIds, verdictHash: fit.verdictHash }).toEqual({ ...fit, counts })
    expect([verdictIds.length, verdictHash === fit.verdictHash]).toEqual([fit.verdictIds.length + 12, false])
  })

  test('reads the counts of older fits, which know no other classes', async () => {
    const { otherClass, ...older } = await world.calibration['calibration.counts'](REQUEST)
    expect(VerdictCounts.parse(older)).toEqual({ ...older, otherClass })
  })

  test('says how many are missing, and a fit with too few is refused', async () => {
    const { calibration } = world
    const request = { ...REQUEST, mode: 'recency_bias' as const }
    expect(await calibration['calibration.counts'](request)).toMatchObject({
      positives: 0,
      missingPositives: 10,
    })
    const attempt = async () => calibration['calibration.fit'](request)
    await expect(attempt()).rejects.toMatchObject({ code: 'too_few_verdicts' })
  })
})

const verdictOf = (mapId: number) =>
  world.database
    .prepare("SELECT verdict FROM latest_verdicts WHERE map_id = ? AND reviewer = 'Ada'")
    .pluck()
    .get(mapId)

describe('fitting', () => {
  test('gives a weighted fit that the contract can carry, without storing it', async () => {
    const { calibration } = world
    const fit = CalibrationFit.parse(await calibration['calibration.fit'](REQUEST))
    expect(fit).toMatchObject({ weighted: true, hasRandomPart: true, direction: 'below', resamples: 100 })
    expect(fit.auc.value).toBeGreaterThan(0.7)
    expect(fit.verdictIds).toHaveLength(100)
    expect(await calibration['calibration.list']({})).toEqual([])
  })

  test('leaves the engine free while it runs', async () => {
    const { calibration } = world
    let ticks = 0
    const timer = setInterval(() => (ticks += 1), 5)
    await calibration['calibration.fit']({ ...REQUEST, resamples: 2000 })
    clearInterval(timer)
    expect(ticks).toBeGreaterThan(3)
  })
})

describe('versions', () => {
  test('are numbered, stay as they are, and can be fitted again from their verdicts', async () => {
    const { calibration, database, review, items } = world
    const first = CalibrationVersion.parse(
      await calibration['calibration.save']({ ...REQUEST, createdBy: 'Ada' }),
    )
    expect(first).toMatchObject({ version: 1, createdBy: 'Ada', active: false })
    for (const { mapId } of items.slice(0, 15)) {
      await review['review.decide'](decision('Ada', [mapId], 'unsure'))
    }
    const second = await calibration['calibration.save']({ ...REQUEST, createdBy: 'Bob' })
    expect(second.version).toBe(2)
    expect(second.fit.verdictHash).not.toBe(first.fit.verdictHash)
    expect(second.fit.counts.unsure).toBe(15)
    for (const { fit } of [first, second])
      expect(await fitVerdicts(database, REQUEST, { verdictIds: fit.verdictIds })).toEqual(fit)
    expect(await calibration['calibration.list']({})).toEqual([second, { ...first, newerVerdicts: 15 }])
    expect(() => database.exec('DELETE FROM calibrations')).toThrow('never deleted')
  })
})

describe('activating', () => {
  test('scores every map again, new ones too, and can be undone step by step', async () => {
    const { calibration, database, workspace, events, review, items } = world
    const { id, fit } = await calibration['calibration.save']({ ...REQUEST, createdBy: 'Ada' })
    const tau = fit.tau?.value ?? NaN
    expect(tau).not.toBe(0.8)
    expect(await scoresFollow(0.8)).toBe(true)

    events.length = 0
    const active = await calibration['calibration.activate']({ id, by: 'Ada' })
    expect(active).toEqual({ id, version: 1, metric: 'capped_percentage', tau, theta: fit.theta.value })
    expect(events).toEqual(['calibrations', 'maps', 'workspace'])
    expect(await scoresFollow(tau)).toBe(true)
    fillWorkspace(workspace, { samples: 45, rows: 6, columns: 12, methods: ['sa', 'gb'] })
    expect(await scoresFollow(tau)).toBe(true)

    const said = await Promise.all(items.map(async ({ mapId }) => review['review.item']({ mapId })))
    for (const { predictedFailure, scores } of said) {
      const value = scores.find(({ metric }) => metric === 'capped_percentage')?.value ?? NaN
      expect(predictedFailure).toBe(value < fit.theta.value)
    }
    expect((await calibration['calibration.list']({})).map((version) => version.active)).toEqual([true])

    await calibration['calibration.activate']({ id: null, by: 'Bob' })
    expect(await scoresFollow(0.8)).toBe(true)
    expect(await calibration['calibration.undo']({ by: 'Bob' })).toEqual(active)
    expect(await scoresFollow(tau)).toBe(true)
    expect(await calibration['calibration.undo']({ by: 'Bob' })).toMatchObject({ id: null, tau: 0.8 })
    expect(await calibration['calibration.undo']({ by: 'Bob' })).toMatchObject({ id: null, tau: 0.8 })
    expect(await scoresFollow(0.8)).toBe(true)
    expect(
      listActivations(database).map(({ calibrationId, activatedBy, undoes }) => [
        calibrationId,
        activatedBy,
        undoes,
      ]),
    ).toEqual([
      [id, 'Ada', null],
      [null, 'Bob', null],
      [id, 'Bob', 2],
      [null, 'Bob', 1],
    ])
  })

  test('shows in queues at once', async () => {
    const { calibration, review } = world
    const { id } = await calibration['calibration.save']({ ...REQUEST, createdBy: 'Ada' })
    const valuesOf = async () => {
      const queue = await review['review.createQueue'](
        QueueRequest.parse({
          filter: {},
          order: 'worst_first',
          metric: 'capped_percentage',
          seed: 0,
          size: 0,
          randomShare: 0,
        }),
      )
      const items = await review['review.items']({
        queueId: queue.id,
        reviewer: 'Ada',
        offset: 0,
        limit: 1000,
      })
      return items.map(({ mapId, value }) => ({ mapId, value }))
    }
    const before = await valuesOf()
    await calibration['calibration.activate']({ id, by: 'Ada' })
    const after = await valuesOf()
    expect(after).not.toEqual(before)
    const values = after.map(({ value }) => value ?? NaN)
    expect(values).toEqual(values.toSorted((a, b) => a - b))
    for (const { mapId, value } of after.slice(0, 5)) {
      const { scores } = await review['review.item']({ mapId })
      expect(scores.find(({ metric }) => metric === 'capped_percentage')?.value).toBe(value)
    }
  })

  test('an unknown version is refused', async () => {
    const attempt = async () => world.calibration['calibration.activate']({ id: 99, by: 'Ada' })
    await expect(attempt()).rejects.toMatchObject({ code: 'not_found' })
  })
})
