import { randomUUID } from 'node:crypto'
import { beforeEach, describe, expect, test } from 'vitest'
import { Preview, Reproduction, VersionComparison } from '../../../src/shared/contract/calibration.ts'
import { METHOD_REVISION } from '../../../src/engine/calibration/calibrate.ts'
import { newerThanActive } from '../../../src/engine/workspace/calibrations.ts'
import { decision } from '../support/reviewed-workspace.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { MODE, REQUEST, reviewedWorld } from './reviewed-world.ts'

const folder = temporaryFolder()
let world: Awaited<ReturnType<typeof reviewedWorld>>
beforeEach(async () => {
  world = await reviewedWorld(folder)
})

const save = (change = {}) =>
  world.calibration['calibration.save']({ ...REQUEST, ...change, createdBy: 'Ada' })
const reproduce = async (id: number) =>
  Reproduction.parse(await world.calibration['calibration.reproduce']({ id, requestId: null }))

describe('a version', () => {
  test('keeps where its maps come from, and by which program it was fitted', async () => {
    const { fit } = await save()
    expect(fit.source).toEqual({
      maps: 100,
      sequences: expect.any(Number) as number,
      reviewers: 1,
      queues: 1,
      drawnAtRandom: 30,
      unknownProbability: 0,
    })
    expect(fit.source?.sequences).toBeGreaterThan(20)
    expect(fit.code).toMatchObject({ method: METHOD_REVISION })
  })

  test.each([{ kind: 'youden' }, { kind: 'cost', ratio: 5 }, { kind: 'miss_rate', rate: 0.2 }] as const)(
    'fitted by the rule $kind is made again byte by byte from its row',
    async (rule) => {
      const { id } = await save({ rule })
      await world.review['review.decide'](
        decision(
          'Bob',
          world.items.slice(0, 20).map(({ mapId }) => mapId),
          'unsure',
        ),
      )
      const { identical, stored, now, differences } = await reproduce(id)
      expect({ identical, differences }).toEqual({ identical: true, differences: [] })
      expect(stored).toBe(now)
    },
  )

  test('says where it is not the same, and why', async () => {
    const { database } = world
    const { id } = await save()
    database.exec(`DROP TRIGGER calibrations_keep_content; UPDATE calibrations SET fit_json =
      json_set(fit_json, '$.theta.low', 0.123, '$.code.method', 1) WHERE id = ${id}`)
    const { identical, differences, reasons } = await reproduce(id)
    expect({ identical, differences }).toEqual({
      identical: false,
      differences: ['theta.low', 'code.method'],
    })
    expect(reasons.join(' ')).toMatch(/revision 1 .* revision \d/)
  })

  test('is stale once a verdict was given, changed or withdrawn, and not when that was taken back', async () => {
    const { calibration, review, items, database } = world
    const [first, second] = items.map(({ mapId }) => mapId)
    const { id } = await save()
    await calibration['calibration.activate']({ id, by: 'Ada' })
    const newer = async () => {
      const [version] = await calibration['calibration.list']({})
      expect(newerThanActive(database)).toBe(version?.newerVerdicts)
      return version?.newerVerdicts
    }
    expect(await newer()).toBe(0)
    await review['review.decide'](decision('Bob', [first ?? 0], 'accept'))
    expect(await newer()).toBe(1)
    await review['review.decide'](decision('Ada', [second ?? 0], 'unsure'))
    expect(await newer()).toBe(2)
    await review['review.undo']({ reviewer: 'Ada' })
    expect(await newer()).toBe(1)
    await review['review.undo']({ reviewer: 'Bob' })
    expect(await newer()).toBe(0)
    await review['review.undo']({ reviewer: 'Ada' })
    expect(await newer()).toBe(1)
  })
})

describe('comparing versions', () => {
  test('counts shared verdicts, and the maps that either predicts to fail', async () => {
    const { calibration, review, items } = world
    const first = await save()
    await review['review.decide'](
      decision(
        'Ada',
        items.slice(0, 10).map(({ mapId }) => mapId),
        'unsure',
      ),
    )
    const second = await save({ rule: { kind: 'cost', ratio: 20 } })
    const compared = VersionComparison.parse(
      await calibration['calibration.compare']({ first: first.id, second: second.id }),
    )
    expect(compared.verdicts).toEqual({ both: 90, onlyFirst: 10, onlySecond: 10 })
    const { both, onlyFirst, onlySecond, neither } = compared.maps
    expect(both + onlyFirst + onlySecond + neither).toBe(world.maps.current().count)
    expect(onlySecond).toBeGreaterThan(0)
    const same = await calibration['calibration.compare']({ first: first.id, second: first.id })
    expect(same.maps).toMatchObject({ onlyFirst: 0, onlySecond: 0 })
    const unknown = async () => calibration['calibration.compare']({ first: first.id, second: 99 })
    await expect(unknown()).rejects.toMatchObject({ code: 'not_found' })
  })
})

describe('a preview', () => {
  const at = (tau: number, theta: number, versionId: number | null = null) =>
    world.calibration['calibration.preview']({
      ...{ metric: 'capped_percentage', mode: MODE, groupVerdicts: false },
      ...{ tau, theta, versionId },
    })

  test('at the fitted τ and θ is the fit, and counts all maps', async () => {
    const { id, fit } = await save()
    const tau = fit.tau?.value ?? NaN
    const preview = Preview.parse(await at(tau, fit.theta.value))
    expect(preview.histogram).toEqual(fit.histogram)
    expect(preview.confusion).toEqual(fit.confusion)
    expect((preview.truePositiveRate ?? NaN) - (preview.falsePositiveRate ?? NaN)).toBeCloseTo(fit.youden, 12)
    expect(preview.maps).toBe(world.maps.current().count)
    const values = world.maps.valuesUnder('capped_percentage', tau)
    expect(preview.failing).toBe(values.filter((value) => value < fit.theta.value).length)
    await world.review['review.decide'](
      decision(
        'Ada',
        world.items.slice(0, 9).map(({ mapId }) => mapId),
        'unsure',
      ),
    )
    expect((await at(tau, fit.theta.value, id)).confusion).toEqual(fit.confusion)
    expect((await at(tau, fit.theta.value)).confusion).not.toEqual(fit.confusion)
  })

  test('follows τ and θ', async () => {
    const [low, high] = [await at(0.6, 0.5), await at(0.6, 0.62)]
    expect(high.failing).toBeGreaterThan(low.failing)
    expect((await at(0.9, 0.62)).failing).toBeLessThan(high.failing)
  })
})

describe('a fit under way', () => {
  test('tells its progress to whoever named it, and ends when it is cancelled', async () => {
    const { calibration, told } = world
    const requestId = randomUUID()
    await calibration['calibration.fit']({ ...REQUEST, requestId })
    const progress = told.filter((event) => event.type === 'progress')
    expect(progress.at(-1)).toEqual({ type: 'progress', requestId, done: 100, total: 100 })

    const other = randomUUID()
    const fitting = calibration['calibration.fit']({ ...REQUEST, resamples: 10_000, requestId: other })
    await calibration['calibration.cancel']({ requestId: other })
    await expect(fitting).rejects.toMatchObject({ code: 'cancelled' })
    expect(told.filter((event) => event.type === 'progress' && event.done === 10_000)).toEqual([])
  })

  test('ends when the workspace is closed', async () => {
    const { calibration, closing } = world
    const fitting = calibration['calibration.save']({ ...REQUEST, resamples: 10_000, createdBy: 'Ada' })
    closing.abort()
    await expect(fitting).rejects.toMatchObject({ code: 'cancelled' })
    expect(await calibration['calibration.list']({})).toEqual([])
  })
})
