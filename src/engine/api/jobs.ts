import type { Handlers } from '../../shared/contract/contract.ts'
import type { JobQueue } from '../jobs/queue.ts'

export function jobHandlers(
  queue: JobQueue,
): Handlers<'jobs.list' | 'jobs.get' | 'jobs.cancel' | 'jobs.resume'> {
  return {
    'jobs.list': ({ limit }) => queue.list(limit),
    'jobs.get': ({ id }) => queue.get(id),
    'jobs.cancel': ({ id }) => queue.cancel(id),
    'jobs.resume': ({ id }) => queue.resume(id),
  }
}
