import { availableBackends } from '../../engine/compute/backend.ts'
import { readTensorflowStatus } from '../../engine/compute/tensorflow-status.ts'
import type { Finding } from './examine.ts'

/** Every compute backend, and for native TensorFlow what its installation did. */
export async function examineBackends(): Promise<Finding[]> {
  const installed = readTensorflowStatus()
  const backends = await availableBackends()
  return [
    ...backends.map(({ name, available, reason }) => ({
      name: `backend ${name}`,
      ok: available,
      found: available ? 'loads' : reason,
    })),
    {
      name: 'TensorFlow install',
      ok: installed.outcome === 'ready',
      found: `${installed.outcome}: ${installed.reason}`,
    },
  ]
}
