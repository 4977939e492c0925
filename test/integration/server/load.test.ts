import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { load } from '../../../scripts/load/load.ts'
import { soak } from '../../../scripts/load/soak.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const folder = temporaryFolder()
const script = (name: string, ...args: string[]) =>
  spawnSync(process.execPath, [join(import.meta.dirname, '../../../scripts', name), ...args], {
    encoding: 'utf8',
  })

// The short forms of `npm run test:load` and `npm run test:soak`.
test.skipIf(process.platform !== 'linux')(
  'two reviewers beside a job lose no verdict, and the job goes on',
  async () => {
    const result = await load({
      ...{
        workspace: join(folder, 'load.heatproof'),
        samples: 50,
        reviewers: 2,
        rate: 10,
        seconds: 3,
        job: true,
      },
    })
    expect(result.errors).toBe(0)
    expect(result.sent).toBeGreaterThan(40)
    expect(result.computed).toBeGreaterThan(0)
  },
)

test.skipIf(process.platform !== 'linux')('a round of everything fails nowhere', async () => {
  const { errors, rounds, largest } = await soak({ workspace: join(folder, 'soak.heatproof'), seconds: 1 })
  expect(errors).toEqual([])
  expect(rounds).toBeGreaterThan(0)
  expect(largest.handles).toBeGreaterThan(5)
})

test.each(['test-load.ts', 'test-soak.ts'])(
  '%s refuses what is no number with 2, and bounds that do not hold with 1',
  (name) => {
    const refused = script(name, '--minutes', 'soon')
    expect(refused.status).toBe(2)
    expect(refused.stderr).toContain("found --minutes 'soon'")
    const quick = [
      '--minutes',
      '0.02',
      '--growth',
      '1e-9',
      '--json',
      ...(name === 'test-load.ts' ? ['--p99', '1e-9', '--samples', '20'] : ['--log', '1e-9']),
    ]
    const failed = script(name, ...quick)
    expect(JSON.parse(failed.stdout)).toMatchObject({ held: false })
    expect(failed.status).toBe(1)
  },
)
