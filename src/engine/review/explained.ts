import type { Explained } from '../../shared/names.ts'

/**
 * What a map's class is to its sample and model, whichever run computed the map. The marks of a sample say where the evidence for
 * its label is: metrics by them mean nothing for a map of an `other` class, which figures, matrix and calibration leave out.
 */
export function explainedOf({
  target,
  label,
  predicted,
}: {
  target: number
  label: number
  predicted: number | null
}): Explained {
  if (target === label) return 'label'
  return target === predicted ? 'predicted' : 'other'
}
