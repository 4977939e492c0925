import { homedir } from 'node:os'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { defaultWorkspace } from '../../src/hosts/child/default-workspace.ts'
import { buildIfNeeded } from './build.ts'
import { openWindow } from './open-window.ts'
import { serveBrowser } from './serve-browser.ts'

process.on('SIGINT', () => undefined)

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { browser: { type: 'boolean', default: false }, port: { type: 'string', default: '0' } },
})
const workspace = resolve(positionals[0] ?? defaultWorkspace(process.env, homedir()))

if (await buildIfNeeded()) {
  const obstacle = values.browser ? 'the browser was asked for' : await openWindow(workspace)
  if (obstacle !== undefined) {
    console.log(`No window: ${obstacle}. Serving the same app to a browser; open this address:`)
    process.exitCode = await serveBrowser(workspace, values.port)
  }
} else {
  process.exitCode = 1
}
