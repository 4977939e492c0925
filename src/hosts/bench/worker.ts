import { parentPort, workerData } from 'node:worker_threads'
import { z } from 'zod'
import { useBackend } from '../../engine/compute/backend.ts'
import { ARCHITECTURE_NAMES, BACKENDS } from '../../shared/names.ts'
import { TASKS, tasksOf } from './work.ts'

export const WorkerData = z.object({ backend: z.enum(BACKENDS), architecture: z.enum(ARCHITECTURE_NAMES) })
export const Order = z.object({ task: z.enum(TASKS), repeats: z.int().positive() })

if (parentPort !== null) {
  const port = parentPort
  const { backend, architecture } = WorkerData.parse(workerData)
  await useBackend(backend)
  const tasks = tasksOf(architecture)
  port.on('message', (message) => {
    const { task, repeats } = Order.parse(message)
    void (async () => {
      for (let repeat = 0; repeat < repeats; repeat += 1) await tasks[task]()
      port.postMessage('done')
    })()
  })
  port.postMessage(tasks.forwardFlops)
}
