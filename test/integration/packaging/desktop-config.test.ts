import { getConfig, validateConfiguration } from 'app-builder-lib/out/util/config/config.js'
import { DebugLogger } from 'builder-util'
import { readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { join } from 'node:path'
import typescript from 'typescript'
import { expect, test } from 'vitest'
import { z } from 'zod'

const ROOT = join(import.meta.dirname, '../../..')
const config = await getConfig(ROOT, null, null)

test('electron-builder accepts the configuration', async () => {
  await validateConfiguration(config, new DebugLogger(false))
  const wrong = { ...config, electronFuses: { runAsNod: false } }
  await expect(validateConfiguration(wrong as never, new DebugLogger(false))).rejects.toThrow(
    'configuration.electronFuses should be one of these',
  )
})

test('it makes an AppImage and a deb, a dmg and a zip, and an installer for Windows', () => {
  const Targets = z.array(
    z.union([z.string(), z.object({ target: z.string() }).transform(({ target }) => target)]),
  )
  const targets = [config.linux, config.mac, config.win].map((system) => Targets.parse(system?.target))
  expect(targets).toEqual([['AppImage', 'deb'], ['dmg', 'zip'], ['nsis']])
})

test('a deb names a page and who looks after it, without which there is none', () => {
  expect(config.extraMetadata).toMatchObject({ homepage: expect.stringMatching(/^https:/) as string })
  expect(config.linux?.maintainer).toBeTruthy()
})

test('workspaces open with the app, for which Windows needs an installation for everybody', () => {
  expect(config.fileAssociations).toMatchObject([
    { ext: 'heatproof', mimeType: 'application/x-heatproof', role: 'Editor' },
  ])
  expect(config.nsis?.perMachine).toBe(true)
})

test('the archive is checked when it is loaded, and nothing else is', () => {
  expect(config).toMatchObject({ asar: true, disableAsarIntegrity: false })
  expect(config.electronFuses).toMatchObject({
    runAsNode: false,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
    enableCookieEncryption: true,
    grantFileProtocolExtraPrivileges: false,
  })
})

test('the built window runs on Electron and Node alone, all of it inside of the archive', () => {
  const code = readFileSync(join(ROOT, 'out/main/index.js'), 'utf8')
  const imported = typescript.preProcessFile(code).importedFiles.map(({ fileName }) => fileName)
  expect(imported).toContain('electron')
  expect(imported.filter((name) => name !== 'electron' && !isBuiltin(name))).toEqual([])
})
