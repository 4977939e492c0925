import { parentPort, workerData } from 'node:worker_threads'
import { z } from 'zod'
import { useBackend } from '../../engine/compute/backend.ts'
import { ARCHITECTURE_NAMES, BACKENDS } from '../../shared/names.ts'
import { kernelShare } from './kernel-share.ts'
import { TASKS, tasksOf } from './work.ts'

export const WorkerData = z.object({ backend: z.enum(BACKENDS), architecture: z.enum(ARCHITECTURE_NAMES) })
export const Order = z.object({ task: z.enum(TASKS), profiled: z.boolean() })

if (parentPort !== null) {
  const port = parentPort
  const { backend, architecture } = WorkerData.parse(workerData)
  await useBackend(backend)
  const tasks = tasksOf(architecture)
  port.on('message', (message) => {
    const { task, profiled } = Order.parse(message)
    void (async () => {
      if (profiled) {
        port.postMessage(await kernelShare(tasks[task]))
      } else {
        const maps = await tasks[task]()
        port.postMessage(maps, maps)
      }
    })()
  })
  port.postMessage(tasks.forwardFlops)
}
