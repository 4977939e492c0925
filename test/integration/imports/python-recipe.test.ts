import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { pythonWith } from '../../support/python.ts'
import { titled } from '../../support/skip-reason.ts'
import { importEngine } from './import-engine.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

/** A small network of colour images and its integrated gradients, under the names that the recipe of the user guide takes. */
const BEFORE = `
import torch
from captum.attr import IntegratedGradients
torch.manual_seed(1)
net = torch.nn.Sequential(torch.nn.Conv2d(3, 4, 3, stride=2), torch.nn.ReLU(), torch.nn.Flatten(), torch.nn.Linear(4 * 49, 5)).eval()
batch = torch.rand(12, 3, 16, 16)
scores = net(batch)
labels = torch.arange(12).remainder(5).numpy()
logits = scores.detach().numpy()
attributions = IntegratedGradients(net).attribute(batch, target=scores.argmax(1), n_steps=200).detach().numpy()
inputs = batch.numpy()
`

/** What the maps must add up to: the difference of the explained logit to that of a black image (completeness). */
const AFTER = `
import json
black = net(torch.zeros(1, 3, 16, 16))[0]
print(json.dumps([float(row.max() - black[row.argmax()]) for row in scores]))
`

function recipe(): string {
  const guide = readFileSync(join(import.meta.dirname, '../../../docs/user-guide.md'), 'utf8')
  const section = guide.slice(guide.indexOf('## Bringing your own heatmaps'))
  return /```python\n([\s\S]*?)```/.exec(section)?.[1] ?? ''
}

const python = pythonWith('torch', 'captum', 'numpy')
const root = temporaryFolder()

test.skipIf(python === undefined)(
  titled(
    'the recipe of the user guide saves maps of captum that come in as they are',
    python === undefined,
    'no Python with torch and captum',
  ),
  async () => {
    const printed = execFileSync(python ?? '', ['-c', BEFORE + recipe() + AFTER], {
      cwd: root,
      encoding: 'utf8',
    })
    const differences = JSON.parse(printed) as number[]
    const { engine, run: runImport } = importEngine(root)
    expect((await runImport(join(root, 'my-maps'))).error).toBe(null)
    const [run] = await engine.handlers['runs.list']({})
    expect(run).toMatchObject({ methods: ['import:ig'], target: 'predicted', maps: 12 })
    for (const [index, difference] of differences.entries()) {
      const item = await engine.handlers['review.item']({ mapId: index + 1 })
      expect(Math.abs(item.total - difference)).toBeLessThan(0.01 * Math.abs(difference) + 1e-3)
      expect(item).toMatchObject({ rows: 16, columns: 16, signed: true })
    }
  },
  120_000,
)
