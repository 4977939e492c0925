import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { decide } from '../../../../src/engine/review/decisions.ts'
import type { ExportForm } from '../../../../src/shared/export-forms.ts'
import { auditedWorkspace, requestFor, verdict } from '../audited-workspace.ts'

/** Two samples, two models and three methods; some maps are accepted, one fails with a box, one is tied. */
export function formWorkspace(root: string) {
  const audited = auditedWorkspace(mkdtempSync(join(root, 'case-')), {
    samples: 2,
    methods: ['dtd', 'sa', 'lrp_a1.5b0.5'],
  })
  const { workspace, database, folder } = audited
  verdict(workspace, [1, 2], 'accept')
  verdict(workspace, [2], 'fail', { reviewer: 'Björn' })
  decide(database, {
    mapIds: [3],
    reviewer: 'Ada',
    verdict: 'fail',
    modes: ['odd_item_focus', 'diffuse'],
    note: 'the “wrong” item, 100 %',
    box: { row: 4, column: 28, height: 20, width: 25 },
    queueId: null,
    requestId: null,
    blind: false,
  })
  return {
    ...audited,
    /** Exports every map in this form, and gives the record. */
    write: (form: ExportForm, request: Parameters<typeof requestFor>[1] = {}) =>
      audited.run(requestFor(folder, { form, name: form, ...request })),
  }
}
