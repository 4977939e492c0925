import type { FailureMode } from '../names.ts'
import { HEATPROOF, type Term } from './term.ts'

type ModeText = Pick<Term, 'title' | 'sentence'> & { formula?: string }

const TEXTS: Record<FailureMode, ModeText> = {
  single_item_dominance: {
    title: 'Single-item dominance',
    sentence:
      'Nearly all relevance of the majority lies on one of its items and the other stays dark, so half of the evidence is not explained.',
    formula: 'typical: dominance near 1 while percentage is high',
  },
  odd_item_focus: {
    title: 'Odd-item focus',
    sentence: 'The relevance lies mainly on the item that does not belong to the majority class.',
    formula: 'typical: percentage below 1/2',
  },
  recency_bias: {
    title: 'Recency bias',
    sentence:
      'Only the last steps that the network read are relevant, whatever stands there; it can occur together with single-item dominance.',
  },
  background_leak: {
    title: 'Background leak',
    sentence:
      'Relevance lies off the strokes, on empty background or on the seams between items; a little of it is built into the z-B rule, which gives a black pixel 2 |w⁻|.',
  },
  step_artifact: {
    title: 'Step artifact',
    sentence:
      'Vertical stripes stand at the borders between the steps in which the network reads the sequence.',
  },
  diffuse: {
    title: 'Diffuse',
    sentence: 'Relevance is everywhere and shows no structure of any item.',
  },
  negative_evidence: {
    title: 'Negative evidence',
    sentence: 'A signed map puts much negative relevance on an item of the majority class.',
  },
  no_relevance: {
    title: 'No relevance',
    sentence: 'The map is zero, or so close to it that nothing can be read.',
    formula: '|sum R| ≤ 1e-6 · sum |R|, or all pixels 0',
  },
  other: { title: 'Other', sentence: 'Anything else that makes the heatmap wrong; say what in the note.' },
}

/** The mode's name wherever people read it. */
export function failureModeTitle(mode: FailureMode): string {
  return TEXTS[mode].title
}

export const FAILURE_MODE_TERMS: Term[] = Object.entries(TEXTS).map(
  ([name, { title, sentence, formula }]) => ({
    name,
    kind: 'failure mode',
    title,
    sentence,
    formula: formula ?? null,
    source: HEATPROOF,
  }),
)
