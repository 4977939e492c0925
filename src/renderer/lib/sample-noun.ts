import { isBuiltIn } from '../../shared/names.ts'

/** What people call a sample: imported ones are images, those that are drawn here are sequences. */
export type SampleNoun = 'image' | 'sequence'

export function sampleNoun({ split }: { split: string }): SampleNoun {
  return split === 'imported' ? 'image' : 'sequence'
}

/** What models explain: those that were trained on no built-in data set read imported images alone. */
export function modelsNoun(models: readonly { dataset: string }[]): SampleNoun {
  return models.length > 0 && !models.some(({ dataset }) => isBuiltIn(dataset)) ? 'image' : 'sequence'
}

/** With a capital, as labels begin. */
export function titleOf(noun: SampleNoun): string {
  return noun === 'image' ? 'Image' : 'Sequence'
}
