import { connectToParent } from './connection.ts'
import { EngineHost } from './engine-host.ts'
import { BEAT_MS } from './heartbeat.ts'
import type { FromEngine } from './messages.ts'

// The engine as a child process of the window: told what to open over the process channel, and ends with its parent.
const host = new EngineHost((message) => process.send?.(message))

connectToParent(process, {
  onMessage: (message) => host.receive(message),
  onEnd: async () => {
    await host.close()
    process.exit()
  },
})
const ALIVE: FromEngine = { type: 'alive' }
setInterval(() => {
  if (process.connected) process.send?.(ALIVE, undefined, undefined, () => undefined)
}, BEAT_MS).unref()
