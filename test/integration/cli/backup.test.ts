import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import type { Backup } from '../../../src/engine/workspace/backups.ts'
import { openWorkspace } from '../../../src/engine/workspace/open.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { heatproof, type Outcome } from './heatproof.ts'

const file = join(temporaryFolder(), 'digits.heatproof')
const backup = (...args: string[]) => heatproof('backup', '--workspace', file, ...args)
const restore = (...args: string[]) => heatproof('restore', '--workspace', file, ...args)

function expectRefusal({ status, stderr }: Outcome, exitCode: number, message: string): void {
  expect(status).toBe(exitCode)
  expect(stderr).toContain(message)
}

test('a workspace is backed up, its backups are listed, and the newest one is restored', () => {
  openWorkspace(file, { create: true }).close()
  expect(backup('--list').stdout).toContain('No backup yet')
  expectRefusal(restore(), 2, 'no backup of')

  const { status, stdout } = backup('--json')
  expect(status).toBe(0)
  const made = JSON.parse(stdout) as Backup
  expect(JSON.parse(backup('--list', '--json').stdout)).toEqual([made])
  expect(backup('--list').stdout).toMatch(/^made +size +version +why +file\n.* asked for /)

  const restored = restore('--json')
  expect(restored.status).toBe(0)
  expect(JSON.parse(restored.stdout)).toMatchObject({ restored: made.path })
  openWorkspace(file).close()
})

test('a workspace that is open elsewhere is neither backed up nor replaced', () => {
  const workspace = openWorkspace(file)
  for (const refused of [backup(), restore()]) expectRefusal(refused, 1, 'open in another process')
  workspace.close()
})

test('a file that is no backup is refused', () => {
  expectRefusal(restore('--from', 'none.heatproof'), 2, 'no file at')
})

test('what can be read of a workspace is written to a new one', () => {
  const out = join(dirname(file), 'saved.heatproof')
  const { status, stdout } = heatproof('repair', '--workspace', file, '--out', out)
  expect(status).toBe(0)
  expect(stdout).toContain(`wrote ${out}`)
  openWorkspace(out).close()
  expectRefusal(heatproof('repair', '--workspace', file, '--out', out), 2, 'a file at')
})
