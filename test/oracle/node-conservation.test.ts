import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { useBackend } from '../../src/engine/compute/backend.ts'
import type { MethodMaps } from '../../src/engine/explainers/assess-maps.ts'
import { explainBatch } from '../../src/engine/explainers/explain-batch.ts'
import { explainerOf, type WalkingMethod } from '../../src/engine/explainers/explainers.ts'
import { NodeWatch } from '../../src/engine/explainers/node-watch.ts'
import { recordForward } from '../../src/engine/models/forward.ts'
import { oneHot } from '../../src/engine/models/one-hot.ts'
import type { Model } from '../../src/engine/models/model.ts'
import { prepareModel } from '../../src/engine/models/prepared-model.ts'
import { propagate, type Rules } from '../../src/engine/models/propagate.ts'
import { ARCHITECTURE_NAMES, type ArchitectureName } from '../../src/shared/names.ts'
import { BACKENDS_HERE } from './backends.ts'
import { changedModel } from './changed-model.ts'
import { largestValue } from './compare.ts'
import { explainOnce } from './explain-once.ts'
import { randomImages, randomModel, TOY_SIZES } from './random-model.ts'
import { readVector } from './vectors.ts'

const CONSERVING = [
  'dtd',
  'lrp_a1.5b0.5',
  'lrp_a2b1',
  'lrp_a1b0:plain',
  'lrp_eps:0',
  'lrp_eps',
  'lrp_eps:0.3',
]
const TARGETS = [0, 1, 2]
const SEEDS = [1, 2, 3, 4]

interface Worst {
  name: string
  error: number
}

/** The node with the largest error relative to what the walk of its sample started with. */
function worstNode({ nodes, starts }: MethodMaps): Worst {
  let worst: Worst = { name: '', error: 0 }
  for (const [index, error] of (nodes?.errors ?? [NaN]).entries()) {
    const start = starts[index % starts.length] ?? NaN
    const relative = start === 0 ? error : error / start
    if (!(relative <= worst.error)) {
      worst = { name: nodes?.names[Math.floor(index / starts.length)] ?? '', error: relative }
    }
  }
  return worst
}

async function explained(
  network: Model,
  images: Float32Array,
  targets: readonly number[],
  methods: string[],
) {
  const model = prepareModel(network)
  const batch = { images, targets, sampleIndices: [0, 1, 2], checkNodes: true }
  const result = await explainBatch(model, batch, methods)
  model.dispose()
  return result
}

const ofRandom = (architecture: ArchitectureName, seed: number, methods: string[]) =>
  explained(randomModel(architecture, seed), randomImages(3, seed), TARGETS, methods)

describe.each(BACKENDS_HERE)('conservation at every node, on %s', (backend) => {
  beforeAll(async () => {
    await useBackend(backend)
  })

  it.each(ARCHITECTURE_NAMES)('%s hands on in every node and unit what it got', async (architecture) => {
    const { model, images, targets } = readVector(architecture)
    let evidence = 0
    const results = [await explained(model, images, targets, CONSERVING)]
    for (const seed of SEEDS) results.push(await ofRandom(architecture, seed, CONSERVING))
    for (const { methods } of results) {
      for (const [id, maps] of methods) {
        const { name, error } = worstNode(maps)
        // Signed relevance cancels: it may be many times larger than what the walk started with.
        expect(error, `${id}, ${name}`).toBeLessThan(/^lrp_(a2|eps)/.test(id) ? 1e-4 : 1e-5)
        evidence += maps.starts.reduce((sum, start) => sum + start, 0)
      }
    }
    expect(evidence).toBeGreaterThan(0)
  })

  it('names the layer whose units cannot spend their beta part', async () => {
    const plain = await ofRandom('deep', 2, ['lrp_a2b1:plain', 'lrp_a2b1'])
    const maps = plain.methods.get('lrp_a2b1:plain')
    if (maps === undefined) throw new Error('no maps')
    expect(worstNode(maps).error).toBeGreaterThan(0.1)
    expect(worstNode(maps).name).toMatch(/^relu '(hidden|state|in1|out1)' \(node \d+\)$/)
  })

  it('measures nothing that nobody asked for, and nothing for methods that conserve nothing', async () => {
    const { methods } = await ofRandom('deep', 1, ['sa', 'ig:2', 'random'])
    for (const maps of methods.values()) expect(maps.nodes).toBeNull()
    const silent = await explainOnce(randomModel('deep', 1), randomImages(1, 1), [0], ['dtd'])
    expect(silent.methods.get('dtd')?.nodes).toBeNull()
  })

  it.each<[string, (rules: Rules) => Partial<Rules>, RegExp]>([
    [
      'a gate that takes relevance',
      () => ({ gate: (_, signal) => ({ signal, gate: undefined }) }),
      /^gate \(node/,
    ],
    [
      'a cell that hands all of it to both terms',
      () => ({ sum: (_, signal) => ({ left: signal, right: tf.mul(signal, 2) }) }),
      /^sum \(node/,
    ],
    [
      'a product that loses a hundredth',
      (rules) => ({
        linear: (node, flow, layer) => {
          const signal = rules.linear(node, flow, layer)
          return signal && layer === 'lstm.g' ? tf.mul(signal, 0.99) : signal
        },
      }),
      /^relu 'lstm.g' \(node/,
    ],
    [
      'a ratio that is too large',
      (rules) => ({
        relu: (node, signal) => rules.relu(node, signal).map((part) => tf.mul(part, 1.01)),
      }),
      /^relu '(lstm.g|in1)' \(node/,
    ],
  ])('catches %s', async (_, change, name) => {
    const model = prepareModel(randomModel('rlstm', 2))
    const forward = recordForward(model, randomImages(3, 2))
    const { tape, logits } = forward
    const method: WalkingMethod = { family: 'dtd' }
    const explainer = explainerOf(method)
    const { names, errors } = tf.tidy(() => {
      const watch = new NodeWatch(tape, explainer)
      const rules = explainer.rules(tape)
      const targets = oneHot(TARGETS, TOY_SIZES.classes)
      const start = explainer.start(tape, logits, targets)
      propagate(tape, logits, start, watch.watching({ ...rules, ...change(rules) }), watch.observe)
      const found = watch.errors(tf.mul(targets, tf.relu(logits.value)))
      watch.dispose()
      return found
    })
    const values = await errors.data()
    const largest = names.map((_name, node) => largestValue(values.slice(node * 3, node * 3 + 3)))
    const start = largestValue(await logits.value.data())
    const bad = names.filter((_name, node) => (largest[node] ?? NaN) > 1e-4 * start)
    expect(bad.length).toBeGreaterThan(0)
    for (const found of bad) expect(found).toMatch(name)
    errors.dispose()
    tape.dispose()
    model.dispose()
  })

  it('names the node at which a walk leaves float32', async () => {
    const model = changedModel(randomModel('deep', 3), (tensor, values) => {
      if (tensor.endsWith('bias_raw')) return values.map(() => -90)
      return /^(out1|logits)/.test(tensor) ? values.map((value) => 1e20 * value) : values
    })
    const image = randomImages(1, 3).map((value) => 1e-30 * value)
    await expect(explainOnce(model, image, [1], ['sa'])).rejects.toThrow(
      /NaN or infinity in the map of 'sa'.*first at relu 'hidden' \(node \d+\)/,
    )
  })
})
