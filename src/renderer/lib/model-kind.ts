import type { ModelSummary } from '../../shared/contract/runs.ts'
import { isComputable, isForeign } from '../../shared/names.ts'

/** What tells a model from others of its label: the fold that it was trained on, or that another program trained it. */
export function modelKind(model: Pick<ModelSummary, 'architecture' | 'fold'>): string {
  if (!isComputable(model)) return 'maps alone'
  return isForeign(model.architecture) ? 'imported' : `fold ${model.fold}`
}
