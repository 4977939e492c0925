/** A batch of N samples with the class that is explained for each. */
export interface BatchInputs {
  /** [N, rows, columns, channels], -1 (black) to 1 (white). */
  readonly images: Float32Array
  /** [N] */
  readonly targets: Int32Array
  /** [N]: each sample's index, which decides what is random in its map. */
  readonly sampleIndices: ArrayLike<number>
}

/** What a method makes of a batch, before it is assessed. */
export interface Attribution {
  /** [N, rows, columns] */
  readonly maps: Float32Array
  /** What LRP-epsilon did not hand on; null for all other methods. */
  readonly kept: KeptParts | null
  /** [N]: what the sum of each map must come near, beside conservation; null: nothing. */
  readonly difference: Float64Array | null
  /** How far each node of the tape was from handing on what it got; null where nothing is conserved or it was not asked. */
  readonly nodes: NodeErrors | null
}

/** Errors of conservation by node of the tape, in the order of the walk. */
export interface NodeErrors {
  /** As messages name them. */
  readonly names: readonly string[]
  /** [nodes, N]: largest difference between what a node, or one of its units, got and handed on, over all its steps. */
  readonly errors: Float32Array
}

/** Relevance that stays in the layers, for each sample: [N]. */
export interface KeptParts {
  readonly epsilon: Float32Array
  readonly bias: Float32Array
}
