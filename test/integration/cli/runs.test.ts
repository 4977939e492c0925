import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { openWorkspace } from '../../../src/engine/workspace/open.ts'
import { fillWorkspace } from '../../../src/hosts/bench/generated-workspace.ts'
import { makeWorkspace, decision } from '../support/reviewed-workspace.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { heatproof } from './heatproof.ts'

const file = join(temporaryFolder(), 'runs.heatproof')
const SIZE = { rows: 4, columns: 12, architectures: [{ architecture: 'deep' as const }] }
const runs = (...args: string[]) => heatproof('runs', '--workspace', file, ...args)

beforeAll(async () => {
  const { workspace, review } = makeWorkspace(file, { ...SIZE, samples: 5, methods: ['sa'] })
  fillWorkspace(workspace, { ...SIZE, samples: 2, methods: ['sa', 'gb'] })
  await review['review.decide'](decision('Ada', [7], 'accept'))
  workspace.close()
})

describe('heatproof runs', () => {
  test('lists the runs, newest first', () => {
    const { status, stdout } = runs('--json')
    expect(status).toBe(0)
    const listed = JSON.parse(stdout) as { id: number; maps: number; mapsExpected: number }[]
    expect(listed.map(({ id, maps, mapsExpected }) => [id, maps, mapsExpected])).toEqual([
      [2, 4, 4],
      [1, 5, 5],
    ])
    expect(runs().stdout).toMatch(/^id +run +maps +started\n2 +Generated run +4 of 4/)
  })

  test('refuses a run with verdicts, one that is not there, and a lonely --dry-run', () => {
    for (const [args, message] of [
      [['--delete', '2'], /run 2: 1 of its 2 maps carries verdicts of Ada/],
      [['--delete', '2', '--dry-run'], /run 2: 1 of its 2 maps carries verdicts of Ada/],
      [['--delete', '9'], /no run 9/],
      [['--delete', 'x'], /--delete 'x'; expected a whole number/],
      [['--dry-run'], /--dry-run without --delete/],
    ] as const) {
      const refused = runs(...args)
      expect(refused.stderr).toMatch(message)
      expect([refused.status, refused.stdout]).toEqual([2, ''])
    }
  })

  test('says what would go, deletes it, and says that it is gone', () => {
    const dry = runs('--delete', '1', '--dry-run', '--json')
    expect(JSON.parse(dry.stdout)).toMatchObject({ run: 1, maps: 3, needed: 2, shrinks: true, refusal: null })
    const { status, stdout } = runs('--delete', '1')
    expect(stdout).toMatch(/^deleted run 1: 3 maps, about .* given back to the disk; 2 maps stay/)
    expect(status).toBe(0)
    const again = runs('--delete', '1')
    expect(again.stderr).toContain('run 1, which was deleted')
    expect(again.status).toBe(2)
    const workspace = openWorkspace(file)
    expect(workspace.database.prepare('SELECT count(*) FROM maps').pluck().get()).toBe(4)
    workspace.close()
  })
})
