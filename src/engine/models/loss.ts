/** The loss of a batch of N samples and its gradient. */
export interface BatchLoss {
  /** Mean over the batch. */
  readonly loss: number
  /** dloss/dlogits, [N, classes] */
  readonly gradient: Float32Array
  /** Samples whose largest logit is their label's. */
  readonly correct: number
}

/**
 * Softmax cross-entropy over the logits and one more pseudo-logit that is always 0, so that only a positive logit is
 * evidence for its class (method card, section 2).
 *
 * @param logits [N, classes]
 * @param labels [N]
 */
export function crossEntropy(logits: Float32Array, labels: ArrayLike<number>, classes: number): BatchLoss {
  const count = labels.length
  const gradient = new Float32Array(logits.length)
  let loss = 0
  let correct = 0
  for (let n = 0; n < count; n += 1) {
    const own = logits.subarray(n * classes, (n + 1) * classes)
    const label = labels[n] ?? 0
    const labelLogit = own[label] ?? NaN
    const largest = Math.max(...own)
    const shift = Math.max(largest, 0)
    const total = own.reduce((sum, logit) => sum + Math.exp(logit - shift), Math.exp(-shift))
    own.forEach((logit, k) => {
      const probability = Math.exp(logit - shift) / total
      gradient[n * classes + k] = (probability - (k === label ? 1 : 0)) / count
    })
    loss += (Math.log(total) + shift - labelLogit) / count
    if (labelLogit === largest) correct += 1
  }
  return { loss, gradient, correct }
}
