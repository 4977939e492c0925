import { Worker } from 'node:worker_threads'
import { expect, test } from 'vitest'
import { firstAnswer } from '../../../src/engine/compute/pool.ts'
import { toSentError } from '../../../src/engine/compute/sent-error.ts'
import { HeatproofError } from '../../../src/shared/errors.ts'

function workerThat(script: string, workerData?: unknown): Worker {
  const program = `const { parentPort, workerData } = require('node:worker_threads'); ${script}`
  return new Worker(program, { eval: true, workerData })
}

test('a worker that ends without a word is reported, not waited for', async () => {
  await expect(firstAnswer(workerThat('process.exit(3)'))).rejects.toThrow(
    'it ended with code 3 before it was ready',
  )
})

test('a worker without a backend says why, though it ends at once', async () => {
  const error = new HeatproofError('no_backend', {
    found: 'webgpu: no driver',
    expected: 'the backend webgpu',
    advice: 'Choose another.',
  })
  const response = { type: 'unavailable', error: toSentError(error) }
  const worker = workerThat('parentPort.postMessage(workerData); process.exit(1)', response)
  await expect(firstAnswer(worker)).rejects.toMatchObject({ code: 'no_backend', found: 'webgpu: no driver' })
})
