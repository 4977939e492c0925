import { expect, test } from 'vitest'
import { crash } from '../../../scripts/crash/crash.ts'
import { SCENES } from '../../../scripts/crash/protocol.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const folder = temporaryFolder()

// The short form of `npm run test:crash`.
test.each(SCENES)('two kills during %s: nothing acknowledged is lost and nothing is half', async (scene) => {
  const { faults, kills } = await crash(scene, { folder, kills: 2, seed: 7 })
  expect(kills).toBe(2)
  expect(faults).toEqual([])
})
