import { connectToParent } from './connection.ts'
import { EngineHost } from './engine-host.ts'

// The engine as a child process of the window: told what to open over the process channel, and ends with its parent.
const host = new EngineHost((message) => process.send?.(message))

connectToParent(process, {
  onMessage: (message) => host.receive(message),
  onEnd: async () => {
    await host.close()
    process.exit()
  },
})
