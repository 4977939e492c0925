import type { Target } from '../../shared/contract/runs.ts'
import type { ExplainTask } from '../compute/protocol.ts'
import type { StoredSample } from '../workspace/samples.ts'

/** What a batch of samples means to the workers that explain it. */
export function taskOf(
  samples: readonly StoredSample[],
  target: Target,
): Pick<ExplainTask, 'input' | 'targets' | 'sampleIndices' | 'regions'> {
  return {
    input: joinInputs(samples),
    targets: targetsOf(samples, target),
    sampleIndices: samples.map(({ provenance }) => provenance.sequence),
    regions: samples.map(({ regions }) => regions),
  }
}

function targetsOf(samples: readonly StoredSample[], target: Target): ExplainTask['targets'] {
  if (target === 'predicted') return target
  return Int32Array.from(samples, ({ label }) => (target === 'label' ? label : target))
}

function joinInputs(samples: readonly StoredSample[]): Float32Array {
  const pixels = samples[0]?.input.length ?? 0
  const joined = new Float32Array(samples.length * pixels)
  samples.forEach(({ input }, index) => joined.set(input, index * pixels))
  return joined
}
