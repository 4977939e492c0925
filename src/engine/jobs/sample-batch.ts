import type { ExplainTask } from '../compute/protocol.ts'
import type { StoredSample } from '../workspace/samples.ts'

/** What a batch of samples means to the workers that explain it. */
export function taskOf(
  samples: readonly StoredSample[],
  target: 'label' | 'predicted',
): Pick<ExplainTask, 'input' | 'targets' | 'sampleIndices' | 'regions'> {
  return {
    input: joinInputs(samples),
    targets: target === 'predicted' ? 'predicted' : Int32Array.from(samples, ({ label }) => label),
    sampleIndices: samples.map(({ provenance }) => provenance.sequence),
    regions: samples.map(({ regions }) => regions),
  }
}

function joinInputs(samples: readonly StoredSample[]): Float32Array {
  const pixels = samples[0]?.input.length ?? 0
  const joined = new Float32Array(samples.length * pixels)
  samples.forEach(({ input }, index) => joined.set(input, index * pixels))
  return joined
}
