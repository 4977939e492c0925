import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Browser } from 'playwright-core'
import { firstLine } from '../client.ts'
import { addressOf, firstHeatmap, onPage } from './page.ts'

const PROGRAM = fileURLToPath(new URL('../../cli.ts', import.meta.url))

/** Milliseconds from the start of the program on a workspace to its first heatmap in a browser that is open already. */
export async function startTime(browser: Browser, workspace: string): Promise<number> {
  const began = performance.now()
  const server = spawn(process.execPath, [PROGRAM, 'serve', '--workspace', workspace], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  try {
    const printed = await firstLine(server)
    await onPage(browser, addressOf(printed, '/review'), firstHeatmap)
    return performance.now() - began
  } finally {
    const ended = once(server, 'exit')
    server.kill('SIGTERM')
    await ended
  }
}
