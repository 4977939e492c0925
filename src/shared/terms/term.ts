export const TERM_KINDS = [
  'metric',
  'method',
  'failure mode',
  'architecture',
  'calibration',
  'option',
  'concept',
] as const
export type TermKind = (typeof TERM_KINDS)[number]

/** What a word of the field means, as the help and the command line say it. */
export interface Term {
  /** The name in contracts, files and commands, e.g. `capped_percentage`. */
  name: string
  kind: TermKind
  title: string
  /** One sentence, for somebody who knows machine learning but not this tool. */
  sentence: string
  /** The definition in plain text, null where words are the definition. */
  formula: string | null
  /** The paper, or the part of Heatproof, that defines it. */
  source: string
}

export const HEATPROOF = 'Heatproof'
export const CHORMAI = 'P. Chormai, Designing Recurrent Neural Networks for Explainability, TU Berlin, 2018'
export const ADEBAYO = 'J. Adebayo et al., Sanity checks for saliency maps, NeurIPS, 2018'
