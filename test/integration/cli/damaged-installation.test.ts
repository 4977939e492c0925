import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { DAMAGED, damagedInstallation } from '../support/damaged-installation.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const RLSTM = 'rlstm-mnist-3-digits-maj-seq-12-fold-1'
const installation = damagedInstallation(temporaryFolder())
const workspace = join(temporaryFolder(), 'w.heatproof')
const REASON = new RegExp(
  `Found a damaged file of the shipped model ${DAMAGED}: .*; expected .*\\. Install Heatproof again`,
)

function heatproof(...args: string[]) {
  const program = join(installation, 'src/hosts/cli.ts')
  return spawnSync(process.execPath, [program, ...args], { encoding: 'utf8' })
}
const models = (...args: string[]) => heatproof('models', '--workspace', workspace, ...args)
const names = (text: string) => z.array(z.object({ name: z.string() })).parse(JSON.parse(text))

beforeAll(() => {
  expect(heatproof('init', workspace)).toMatchObject({ status: 0, stderr: '' })
})

test('shipped models are listed although one is damaged, which is named with the reason', () => {
  const listed = models('--shipped')
  expect([listed.status, listed.stderr]).toEqual([0, ''])
  expect(listed.stdout).toMatch(new RegExp(`^${RLSTM} +98\\.\\d+ % +no$`, 'm'))
  expect(listed.stdout).toMatch(new RegExp(`^${DAMAGED} is damaged: ${REASON.source}`, 'm'))
  expect(JSON.parse(models('--shipped', '--json').stdout)).toMatchObject({
    models: [{ name: RLSTM }, { name: 'shallow-mnist-3-digits-maj-seq-12-fold-1' }],
    damaged: [{ name: DAMAGED, reason: expect.stringMatching(REASON) as string }],
  })
})

test('the whole ones come in; with the damaged one nothing does', () => {
  const refused = models('--add-shipped', RLSTM, DAMAGED)
  expect(refused.status).toBe(2)
  expect(refused.stderr).toMatch(REASON)
  expect(names(models('--json').stdout)).toEqual([])
  expect(models('--add-shipped', RLSTM)).toMatchObject({ status: 0, stderr: '' })
  expect(names(models('--json').stdout)).toEqual([{ name: RLSTM }])
})

test('the sample workspace is refused with the reason, and nothing is left of it', () => {
  const sample = join(temporaryFolder(), 'sample.heatproof')
  const refused = heatproof('init', sample, '--sample')
  expect(refused.status).toBe(2)
  expect(refused.stderr).toMatch(REASON)
  expect(heatproof('models', '--workspace', sample).status).toBe(2)
})
