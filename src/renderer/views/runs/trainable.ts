import type { ArchitectureName } from '../../../shared/names.ts'

/** The architectures that the engine trains. */
export const TRAINABLE = ['deep', 'rlstm'] as const satisfies readonly ArchitectureName[]
export type TrainableArchitecture = (typeof TRAINABLE)[number]
