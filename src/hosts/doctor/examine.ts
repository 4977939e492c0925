import { withoutPrivate } from '../log/private.ts'
import { examineBackends } from './backends.ts'
import { examineData } from './data.ts'
import { examineMachine } from './machine.ts'
import { examinePrograms } from './programs.ts'

/** One line of the doctor's report. */
export interface Finding {
  /** Stable name, e.g. `backend wasm`. */
  name: string
  ok: boolean
  /** What was found: a version, a path, or why it is not there. */
  found: string
}

/** Looks at everything that Heatproof can use on this machine, and says it without anything private. Never throws. */
export async function examine(): Promise<Finding[]> {
  const parts = [examineMachine, examineBackends, examinePrograms, examineData]
  const findings: Finding[][] = []
  for (const part of parts) findings.push(await part())
  return findings.flat().map((finding) => ({ ...finding, found: withoutPrivate(finding.found) }))
}

/** A finding from something that may throw: its message is then the reason. */
export async function attempt(name: string, look: () => string | Promise<string>): Promise<Finding> {
  try {
    return { name, ok: true, found: await look() }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return { name, ok: false, found: message.split('\n', 1)[0] ?? '' }
  }
}
