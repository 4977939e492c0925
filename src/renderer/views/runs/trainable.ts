import { ARCHITECTURE_NAMES, type ArchitectureName } from '../../../shared/names.ts'

/** The architectures that the engine trains. */
export const TRAINABLE = ARCHITECTURE_NAMES
export type TrainableArchitecture = ArchitectureName
