import { createHash } from 'node:crypto'
import { FOLDS, isFashion } from '../../src/shared/names.ts'
import { nameOf, type ResourceRow } from './rows.ts'

export interface CardFacts {
  row: ResourceRow
  /** Epochs, learning rates, batch size and dropout in words. */
  trained: string
  seed: number
  /** Accuracy and number of sequences. */
  accuracies: Record<'test' | 'validation', readonly [number, number]>
  trainingSequences: number
  time: string
  weights: Uint8Array
  sources: readonly { name: string; sha256: string }[]
}

/** Up to here below the reference work's accuracy a model counts as equal to it. */
const toleranceFor = (dataset: string) => (isFashion(dataset) ? 0.02 : 0.005)

/** A model card in Markdown. */
export function cardOf(facts: CardFacts): string {
  const { row, accuracies } = facts
  const name = nameOf(row)
  const [[test, testCount], [validation, validationCount]] = [accuracies.test, accuracies.validation]
  const hash = createHash('sha256').update(facts.weights).digest('hex')
  return `# ${name}

| | |
|---|---|
| Accuracy, test split (${testCount} sequences) | ${test.toFixed(4)}${comparison(row, test)} |
| Accuracy, validation (${validationCount} sequences) | ${validation.toFixed(4)} |
| Architecture | ${row.architecture}${row.stationaryDropout ? ', stationary dropout' : ''} |
| Data set | ${row.dataset}, 3 items, fold ${row.fold} of ${FOLDS}, ${facts.trainingSequences} training sequences |
| Steps T | ${row.steps} |
| Training | ${facts.trained} |
| Seed of data, weights, order and dropout | ${facts.seed} |
| Time | ${facts.time} |
| SHA-256 of the weights | \`${hash}\` |

Made by

\`\`\`
npm run train:resources -- --only ${name}
\`\`\`

from the files (SHA-256)

${facts.sources.map(({ name: file, sha256 }) => `- \`${file}\` ${sha256}`).join('\n')}
`
}

function comparison({ dataset, reference }: ResourceRow, accuracy: number): string {
  if (reference === null) return ''
  const below = accuracy < reference - toleranceFor(dataset)
  return `; the reference work reached ${reference}${below ? ', which this model does not' : ''}`
}
