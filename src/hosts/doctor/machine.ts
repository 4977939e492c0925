import { availableParallelism, cpus, totalmem } from 'node:os'
import { PROGRAM_VERSION } from '../../engine/program-version.ts'
import { WORKSPACE_VERSION } from '../../engine/workspace/migrations/migrations.ts'
import type { Finding } from './examine.ts'

/** The Node that runs this, and what the machine has to offer. */
export function examineMachine(): Finding[] {
  const cores = availableParallelism()
  const gigabytes = (totalmem() / 2 ** 30).toFixed(1)
  return [
    { name: 'Heatproof', ok: true, found: `${PROGRAM_VERSION}, workspaces of version ${WORKSPACE_VERSION}` },
    { name: 'Node', ok: true, found: `${process.version} at ${process.execPath}` },
    { name: 'system', ok: true, found: `${process.platform} ${process.arch}` },
    { name: 'processor', ok: true, found: `${cores} cores, ${cpus()[0]?.model.trim() ?? 'unknown model'}` },
    { name: 'memory', ok: true, found: `${gigabytes} GiB` },
  ]
}
