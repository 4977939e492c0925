import { openWorkspace } from '../../../src/hosts/open-workspace.ts'
import { startServer } from '../../../src/hosts/server/server.ts'

// The real server on a workspace at a port, with a token or a new one; prints its address. `node serve-at.ts FILE PORT [TOKEN]`
const [workspace = '', port = '0', token = ''] = process.argv.slice(2)
const engine = await openWorkspace({
  workspace,
  whenMissing: 'fail',
  backend: 'wasm',
  workers: 1,
  resume: false,
  folders: [],
})
const server = await startServer(engine, { port: Number(port), ...(token === '' ? {} : { token }) })
console.log(server.address)
