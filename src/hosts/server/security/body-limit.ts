import type { ProcedureName } from '../../../shared/contract/contract.ts'

const KIB = 1024
const MIB = 1024 * KIB

const LARGE: Partial<Record<ProcedureName, number>> = {
  'models.import': 90 * MIB,
  'models.inspect': 90 * MIB,
  'review.decide': 2 * MIB,
}

/** The largest body in bytes that a procedure reads. */
export function bodyLimit(name: ProcedureName): number {
  return LARGE[name] ?? 256 * KIB
}
