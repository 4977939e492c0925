import type * as tf from '@tensorflow/tfjs-core'
import { prepareModel } from '../../../src/engine/models/prepared-model.ts'
import type { Model } from '../../../src/engine/models/model.ts'
import { onnxBytes, type TestTensor } from '../../unit/exchange/networks/onnx-bytes.ts'

/** The order in which an LSTM node has its gates. */
const GATES = ['i', 'o', 'f', 'g'] as const

/** An R-LSTM of ours as an ONNX network whose recurrence is one LSTM node, as torch exports one: steps before the batch. */
export function onnxOfRlstm(model: Model): Uint8Array {
  const prepared = prepareModel(model)
  const { weights, layout } = prepared
  const named = (name: string, shape: readonly number[], tensor: tf.Tensor): TestTensor => ({
    name,
    shape: [...shape],
    data: [...tensor.dataSync()],
  })
  /** The blocks of all gates, [units, inputs] each. */
  const blocks = (source: string) =>
    GATES.flatMap((gate) => [...weights.block(`lstm.${gate}`, source).transpose().dataSync()])
  try {
    const [units, inputs] = [layout.extentOf('lstm.g').channels, layout.extentOf('in1').channels]
    const biases = GATES.flatMap((gate) => [...weights.bias(`lstm.${gate}`).dataSync()])
    return onnxBytes({
      input: ['batch', model.steps, layout.pixelsPerStep],
      nodes: [
        { operation: 'MatMul', inputs: ['x', 'in'], output: 'in product' },
        { operation: 'Add', inputs: ['in product', 'in bias'], output: 'in sum' },
        { operation: 'Relu', inputs: ['in sum'], output: 'seen' },
        { operation: 'Transpose', inputs: ['seen'], output: 'steps', wholes: { perm: [1, 0, 2] } },
        {
          ...{ operation: 'LSTM', inputs: ['steps', 'W', 'R', 'B'], output: 'all', others: ['last'] },
          wholes: { hidden_size: [units] },
          texts: { activations: ['Sigmoid', 'Relu', 'Affine'] },
        },
        { operation: 'Squeeze', inputs: ['last', 'zero'], output: 'h' },
        { operation: 'Gemm', inputs: ['h', 'out', 'out bias'], output: 'logits' },
      ],
      tensors: [
        named('in', [layout.pixelsPerStep, inputs], weights.block('in1', 'pixels')),
        named('in bias', [inputs], weights.bias('in1')),
        { name: 'W', shape: [1, GATES.length * units, inputs], data: blocks('in1') },
        { name: 'R', shape: [1, GATES.length * units, units], data: blocks('h') },
        { name: 'B', shape: [1, 2 * biases.length], data: [...biases, ...biases.map(() => 0)] },
        named('out', [units, model.classes], weights.block('logits', 'h')),
        named('out bias', [model.classes], weights.bias('logits')),
        { name: 'zero', type: 7, shape: [1], data: [0] },
      ],
    })
  } finally {
    prepared.dispose()
  }
}
