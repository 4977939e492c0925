import { monitorEventLoopDelay } from 'node:perf_hooks'
import { argv, cpuUsage, resourceUsage } from 'node:process'
import { openEngine } from '../../engine/engine.ts'
import { startServer } from '../server/server.ts'

// The real server, which also tells how long its event loop was blocked, how much processor time it took, and its memory.
// `fork('review-server.ts', [WORKSPACE])`, then 'start' and 'stop' around what is measured, and 'close'.
const engine = openEngine({ workspacePath: argv[2] ?? '', folders: [], workers: 1 })
const server = await startServer(engine)
const delays = monitorEventLoopDelay({ resolution: 1 })
delays.enable()
let before = cpuUsage()

process.on('message', (order) => {
  if (order === 'start') {
    delays.reset()
    before = cpuUsage()
    process.send?.('started')
  } else if (order === 'stop') {
    const { user, system } = cpuUsage(before)
    process.send?.({
      blocked: delays.max / 1e6,
      processor: (user + system) / 1e3,
      peak: resourceUsage().maxRSS * 1024,
    })
  } else void close()
})
process.send?.(server.address)

async function close(): Promise<void> {
  await server.close()
  await engine.close()
  process.disconnect()
}
