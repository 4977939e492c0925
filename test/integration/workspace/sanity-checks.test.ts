import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openWorkspace } from '../../../src/engine/workspace/open.ts'
import { getSanityCheck, listSanityChecks } from '../../../src/engine/workspace/sanity-checks.ts'
import { fillWorkspace } from '../../../src/hosts/bench/generated-workspace.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

test('a check that was stored before draws were counted has one', () => {
  const workspace = openWorkspace(join(temporaryFolder(), 'old.heatproof'), { create: true })
  const { sampleSetId, modelIds } = fillWorkspace(workspace, {
    samples: 2,
    rows: 4,
    columns: 12,
  })
  const { database } = workspace
  const request = {
    modelId: modelIds[0],
    againstId: null,
    methods: ['gb', 'random'],
    dataset: 'mnist-3-digits-maj',
    split: 'test',
    fold: 1,
    count: 2,
    sampleSeed: 0,
    seed: 5,
    target: 'label',
  }
  database.exec(
    "INSERT INTO jobs (id, kind, title, request_json, status, unit, created_at) VALUES (1, 'sanity', '', '{}', 'done', '', '')",
  )
  database
    .prepare("INSERT INTO sanity_checks VALUES (1, 1, ?, NULL, ?, ?, '[]', '2026-01-01T00:00:00Z')")
    .run(modelIds[0], sampleSetId, JSON.stringify(request))
  expect(getSanityCheck(database, 1)?.request).toEqual({ ...request, seeds: 1 })
  expect(listSanityChecks(database)).toHaveLength(1)
  workspace.close()
})
