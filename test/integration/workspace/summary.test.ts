import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { WorkspaceSummary } from '../../../src/shared/contract/workspace.ts'
import { workspaceHandlers } from '../../../src/engine/api/workspace.ts'
import { decision, makeWorkspace } from '../support/reviewed-workspace.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const folder = temporaryFolder()
const path = join(folder, 'digits.heatproof')
const { workspace, review } = makeWorkspace(path, { samples: 5, rows: 4, columns: 12, methods: ['sa', 'gb'] })
const events: string[] = []
const handlers = workspaceHandlers({
  workspace,
  device: () => ({ label: 'CPU', backend: 'wasm', workers: 2 }),
  folders: () => [folder],
  version: '0.1.0',
  defaultReviewer: 'ada',
  emit: (event) => events.push(...(event.type === 'changed' ? event.what : [])),
})

describe('the summary of a workspace', () => {
  test('counts what is there and names the defaults', async () => {
    expect(WorkspaceSummary.parse(await handlers['workspace.summary']({}))).toEqual({
      name: 'digits',
      newerVerdicts: 0,
      path: workspace.path,
      reviewer: 'ada',
      reviewers: ['ada'],
      standing: 'owner',
      counts: { samples: 5, models: 2, runs: 1, maps: 20, verdicts: 0, calibrations: 0, exports: 0 },
      calibration: { id: null, version: null, metric: null, tau: 0.8, theta: null },
      device: { label: 'CPU', backend: 'wasm', workers: 2 },
      classNames: {},
      networks: [],
      folders: [folder],
      version: '0.1.0',
    })
  })

  test('remembers the reviewer and lists everybody who decided', async () => {
    await review['review.decide'](decision('Bob', [1, 2], 'accept'))
    const summary = await handlers['workspace.setReviewer']({ name: 'Cleo' })
    expect(summary).toMatchObject({ reviewer: 'Cleo', reviewers: ['Bob', 'Cleo'] })
    expect(summary.counts.verdicts).toBe(2)
    expect(events).toEqual(['workspace'])
    expect((await handlers['workspace.summary']({})).reviewer).toBe('Cleo')
  })
})
