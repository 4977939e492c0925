import { openWorkspace } from '../../../src/hosts/open-workspace.ts'
import { startServer } from '../../../src/hosts/server/server.ts'

// The real server on a workspace, made if it is missing; prints its address. `node serve.ts FILE [PORT]`
const [workspace = '', port = '0'] = process.argv.slice(2)
const engine = await openWorkspace({
  workspace,
  whenMissing: 'empty',
  backend: 'auto',
  workers: 1,
  folders: [],
})
const server = await startServer(engine, { checkOutput: true, port: Number(port) })
console.log(server.address)
process.once('SIGTERM', () => void stop())

async function stop(): Promise<void> {
  await server.close()
  await engine.close()
  process.exit(0)
}
