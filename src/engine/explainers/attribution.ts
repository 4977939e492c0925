/** A batch of N samples with the class that is explained for each. */
export interface BatchInputs {
  /** [N, rows, columns], -1 (black) to 1 (white). */
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
}

/** Relevance that stays in the layers, for each sample: [N]. */
export interface KeptParts {
  readonly epsilon: Float32Array
  readonly bias: Float32Array
}
