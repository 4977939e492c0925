import { availableBackends } from '../../engine/compute/backend.ts'
import { readTensorflowStatus } from '../../engine/compute/tensorflow-status.ts'
import type { Finding } from './examine.ts'

const IN_SOFTWARE = ', which is no real GPU: used only when it is named'

/** Every compute backend, and for native TensorFlow what its installation did. */
export async function examineBackends(): Promise<Finding[]> {
  const installed = readTensorflowStatus()
  const backends = await availableBackends()
  return [
    ...backends.map(({ name, available, reason, device, software }) => ({
      name: `backend ${name}`,
      ok: available,
      found: available ? `loads, on ${device}${software ? IN_SOFTWARE : ''}` : reason,
    })),
    {
      name: 'TensorFlow install',
      ok: installed.outcome === 'ready',
      found: `${installed.outcome}: ${installed.reason}`,
    },
  ]
}
