import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { clientOf, type Client } from './client.ts'

const Usage = z.object({ blocked: z.number(), processor: z.number(), peak: z.number() })

/** What something did to the engine. */
export interface EngineUsage {
  /** Longest time that the event loop was blocked, in milliseconds. */
  blocked: number
  /** Processor time, in milliseconds. */
  processor: number
  /** Largest resident size of the process since its start, in bytes. */
  peak: number
}

/** The real server in a process of its own. */
export interface MeasuredServer {
  /** The one to open, token included; other screens follow by `&next=`. */
  address: string
  client: Client
  /** Does the work and tells what it did to the engine meanwhile. */
  watch: <Result>(work: () => Promise<Result>) => Promise<EngineUsage & { result: Result }>
  close: () => Promise<void>
}

/** Serves a workspace. `close` ends the process. */
export async function startMeasuredServer(workspace: string): Promise<MeasuredServer> {
  const server = fork(fileURLToPath(new URL('./review-server.ts', import.meta.url)), [workspace], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const [address] = z.tuple([z.string(), z.unknown()]).parse(await once(server, 'message'))
  const ask = async (order: string): Promise<unknown> => {
    const answer = once(server, 'message')
    server.send(order)
    return ((await answer) as unknown[])[0]
  }
  return {
    address,
    client: clientOf(address),
    async watch(work) {
      await ask('start')
      const result = await work()
      return { ...Usage.parse(await ask('stop')), result }
    },
    async close() {
      const ended = once(server, 'exit')
      server.send('close')
      await ended
    },
  }
}
