import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { METRICS } from '../../../src/shared/names.ts'
import { eachMapShares } from '../../../src/engine/workspace/map-shares.ts'
import { getMap, getMapBytes, getPrediction, listMaps } from '../../../src/engine/workspace/maps.ts'
import { openWorkspace } from '../../../src/engine/workspace/open.ts'
import { countPresentMaps, expectedMaps, getRun, missingMaps } from '../../../src/engine/workspace/runs.ts'
import { countMaps, scoresOf } from '../../../src/engine/workspace/scores.ts'
import { fillWorkspace } from '../../../src/hosts/bench/generated-workspace.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const folder = temporaryFolder()

describe('maps of a run', () => {
  test('are stored whole, once, and read back as they were', () => {
    const workspace = openWorkspace(join(folder, 'whole.heatproof'), { create: true })
    const { database } = workspace
    const { runId, ...plan } = fillWorkspace(workspace, { samples: 7 })
    const again = fillWorkspace(workspace, { samples: 7 })
    expect(countMaps(database)).toBe(7 * 2 * 4)
    expect(countPresentMaps(database, again)).toBe(expectedMaps(plan))
    expect(missingMaps(database, plan)).toEqual([])
    expect(getRun(database, runId)).toMatchObject({ methods: plan.methods, sampleCount: 7 })

    const [second, first] = listMaps(database, [2, 1, 9999])
    if (first === undefined) throw new Error('no map 1')
    expect([second?.id, first.id]).toEqual([2, 1])
    expect(first).toEqual(getMap(database, 1))
    expect(first.shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12)
    expect(getMapBytes(database, 1)).toHaveLength(28 * 84 * 4)
    expect(scoresOf(database, first, 0.8).map(({ metric }) => metric)).toEqual(METRICS)
    expect([...eachMapShares(database)]).toHaveLength(56)
    expect(getPrediction(database, plan.modelIds[0] ?? 0, first.sampleId)?.logits).toHaveLength(40)
    workspace.close()
  })
})
