import { join } from 'node:path'
import { ROOT } from './root.ts'
import { run } from './run.ts'

/** Serves the workspace until Ctrl+C, and opens the default browser if there is one. @returns the exit code */
export async function serveBrowser(workspace: string, port: string): Promise<number> {
  const command = join(ROOT, 'src', 'hosts', 'heatproof.mjs')
  const args = [command, 'serve', '--workspace', workspace, '--sample', '--open', '--port', port]
  const { code } = await run(process.execPath, args, { stdio: 'inherit' })
  return code ?? 1
}
