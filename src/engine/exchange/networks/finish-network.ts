import type { GraphDescription } from '../../graph/description.ts'
import { checkGraph, known } from '../../graph/shapes.ts'
import type { GraphBuilder } from './graph-builder.ts'
import type { ImportedNetwork } from './imported-network.ts'
import { simplifyGraph } from './simplify.ts'

/**
 * What a builder wrote down, checked whole and simplified.
 *
 * @param output the value of the logits
 * @throws HeatproofError `bad_model`: an output that is no row of logits
 */
export function finishNetwork(
  { input, nodes, tensors }: GraphBuilder,
  output: string,
  rest: Omit<ImportedNetwork, 'graph' | 'weights' | 'classes'>,
): ImportedNetwork {
  const description: GraphDescription = { version: 1, input, nodes, output }
  const facts = checkGraph(description, tensors)
  const [classes = 0] = known(facts, output).shape
  return { ...simplifyGraph({ graph: description, weights: tensors }, facts), classes, ...rest }
}
