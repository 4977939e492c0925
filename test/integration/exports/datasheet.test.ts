import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { undoDecision } from '../../../src/engine/review/decisions.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { auditedWorkspace, requestFor, verdict } from './audited-workspace.ts'
import { formWorkspace } from './formats/form-workspace.ts'

const root = temporaryFolder()

test('a datasheet counts reviewers, verdicts and agreement, and names what does not follow', async () => {
  const audited = formWorkspace(root)
  verdict(audited.workspace, [1], 'accept', { reviewer: 'Björn' })
  const { path } = await audited.write('set', { images: false })
  const text = readFileSync(join(path, 'datasheet.md'), 'utf8')
  expect(text).toContain(
    'Audited set: 12 relevance maps of 2 samples, computed for 2 models, with 5 verdicts.',
  )
  expect(text).toContain('| Ada | 3 | 3 |')
  expect(text).toContain('| Björn | 2 | 2 |')
  expect(text).toContain('0 on maps drawn at random, 0 from queues in a chosen order, 5 without a queue')
  expect(text).toContain('On 2 maps with two or more reviewers: raw agreement 50 %')
  expect(text).toContain('- 9 of 12 maps (75 %) have no verdict')
  expect(text).toContain('- 1 of 12 maps (8.3 %) rest on one reviewer alone.')
  expect(text).toContain('default cap τ = 0.8')
  await audited.close()
})

test('a single reviewer, and maps left out on purpose, are limits', async () => {
  const audited = auditedWorkspace(root, { samples: 2, methods: ['sa'] })
  verdict(audited.workspace, [1, 2], 'accept', { reviewer: 'A|B *x*' })
  verdict(audited.workspace, [3], 'fail', { reviewer: 'A|B *x*' })
  undoDecision(audited.database, 'A|B *x*')
  const { path } = await audited.run(requestFor(audited.folder, { include: 'accepted', images: false }))
  const text = readFileSync(join(path, 'datasheet.md'), 'utf8')
  expect(text).toContain('| A\\|B \\*x\\* | 2 | 2 |')
  expect(text).toContain('All verdicts that count are of one reviewer')
  expect(text).toContain('left out on purpose')
  expect(text).toContain('nothing is known of how far they agree')
  expect(text).not.toContain('have no verdict')
  await audited.close()
})
