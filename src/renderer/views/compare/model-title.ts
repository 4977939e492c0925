import type { ModelSummary } from '../../../shared/contract/runs.ts'

/** A model among others as people tell it apart: its label, with the fold, or else its whole name. */
export function modelTitle(model: ModelSummary, models: readonly ModelSummary[]): string {
  const withFold = ({ label, fold }: ModelSummary) => `${label}, fold ${fold}`
  const isAlone = (nameOf: (one: ModelSummary) => string) =>
    models.every((other) => other.id === model.id || nameOf(other) !== nameOf(model))
  if (isAlone(({ label }) => label)) return model.label
  return isAlone(withFold) ? withFold(model) : model.name
}
