import { homedir } from 'node:os'
import { Command, Option } from 'commander'
import type { BackendName } from '../../shared/names.ts'
import { openBrowser } from '../browser.ts'
import { logFolder } from '../log/folder.ts'
import { LOG_LEVELS, type LogLevel } from '../log/levels.ts'
import { openLog } from '../log/log.ts'
import { openWorkspace } from '../open-workspace.ts'
import { backendOption, wholeNumber, workspaceOption } from '../options.ts'
import { readCertificate } from '../server/security/tls.ts'
import { startServer } from '../server/server.ts'
import { untilStopped } from '../until-stopped.ts'

interface ServeOptions {
  workspace: string
  port: number
  host: string
  backend: BackendName | 'auto'
  workers?: number
  folder: string[]
  sample: boolean
  open: boolean
  logLevel: LogLevel
  logFolder: string
  tlsCert?: string
  tlsKey?: string
}

/** `heatproof serve`: a workspace for a browser on this machine, or on another through a forwarded port. */
export function serveCommand(): Command {
  return new Command('serve')
    .description('serve a workspace to a browser, on this machine only; prints the address to open')
    .addOption(workspaceOption())
    .option(
      '--port <n>',
      'port, 0 for a free one; links of reviewers need one that stays',
      wholeNumber('--port', 0, 65_535),
      0,
    )
    .option('--host <address>', 'loopback address to listen on', '127.0.0.1')
    .addOption(backendOption())
    .option('--workers <n>', 'compute workers', wholeNumber('--workers', 1, 256))
    .option(
      '--folder <dir...>',
      'folders that exports may be written to (default: that of the workspace)',
      [],
    )
    .option('--sample', 'make the workspace with the sample in it, if it is missing', false)
    .option('--open', 'open the default browser', false)
    .option('--tls-cert <file>', 'certificate as PEM, to speak https; with --tls-key')
    .option('--tls-key <file>', 'its private key as PEM')
    .addOption(
      new Option('--log-level <level>', 'least level that is logged').choices(LOG_LEVELS).default('info'),
    )
    .option('--log-folder <dir>', 'folder of the logs', logFolder(process.platform, process.env, homedir()))
    .addHelpText('after', '\nExample: heatproof serve --workspace digits.heatproof --port 8000')
    .action(serve)
}

async function serve(given: ServeOptions): Promise<void> {
  const { port, host, open, folder, sample, logLevel, logFolder: logs, tlsCert, tlsKey, ...options } = given
  const certificate = readCertificate(tlsCert, tlsKey)
  const log = await openLog({ folder: logs, level: logLevel, name: 'engine' })
  const engine = await openWorkspace({ ...options, folders: folder, whenMissing: sample ? 'sample' : 'fail' })
  try {
    const checkOutput = process.env['HEATPROOF_CHECK_OUTPUT'] === '1'
    const server = await startServer(engine, { port, host, checkOutput, log, certificate })
    log.info({ port: server.port, platform: process.platform, node: process.version }, 'serving')
    const stopped = untilStopped()
    console.log(server.address)
    console.error(`Serving ${options.workspace}. Open the address above in a browser; Ctrl+C stops.`)
    const tidyBrowser = open ? openBrowser(server.address) : undefined
    await stopped
    tidyBrowser?.()
    await server.close()
  } finally {
    await engine.close()
    log.info({}, 'stopped')
    await log.close()
  }
}
