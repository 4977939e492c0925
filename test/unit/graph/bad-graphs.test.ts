import { expect, it } from 'vitest'
import { writeSafetensors } from '../../../src/engine/exchange/safetensors.ts'
import { readAnyModel, writeAnyModel } from '../../../src/engine/graph/any-model.ts'
import type { GraphNode } from '../../../src/engine/graph/description.ts'
import { checkGraphModel, type GraphModel } from '../../../src/engine/graph/graph-model.ts'
import { activation, dense, smallGraph, tensor } from './small-graph.ts'

const WEIGHTS = { a: tensor([2, 3], [1, -1, 2, 0.5, 1, -2]), b: tensor([3, 2], [1, 2, -1, 1, 0.5, 1]) }
const GOOD = [dense('first', 'input', 'a'), activation('active', 'first'), dense('logits', 'active', 'b')]
const withNode = (node: GraphNode) => smallGraph([...GOOD.slice(0, 2), node, ...GOOD.slice(2)], WEIGHTS)

const BAD: readonly [string, GraphModel, RegExp][] = [
  [
    'a cycle',
    smallGraph([dense('first', 'active', 'a'), activation('active', 'first')], { a: WEIGHTS.a }),
    /linear 'first' \(node 1\) reading 'active', which is only made later: a cycle/,
  ],
  [
    'a value that nobody makes',
    smallGraph([dense('logits', 'nowhere', 'a')], { a: WEIGHTS.a }),
    /reading 'nowhere', which no node makes/,
  ],
  [
    'a tensor that is missing',
    smallGraph(GOOD, { a: WEIGHTS.a }),
    /no tensor 'b', which linear 'logits' \(node 3\) reads/,
  ],
  [
    'a tensor of another shape',
    smallGraph(GOOD, { a: WEIGHTS.a, b: tensor([2, 3], [1, 2, 3, 4, 5, 6]) }),
    /the tensor 'b' of shape \[2, 3\] at linear 'logits' \(node 3\).*the shape \[3, units\]/,
  ],
  ['a tensor that nobody reads', smallGraph(GOOD, { ...WEIGHTS, c: tensor([1], [1]) }), /a tensor 'c'/],
  [
    'a tensor with NaN',
    smallGraph(GOOD, { a: WEIGHTS.a, b: tensor([3, 2], [1, 2, NaN, 1, 2, 3]) }),
    /NaN or infinity in the tensor 'b'/,
  ],
  ['a name twice', smallGraph([...GOOD, dense('logits', 'active', 'b')], WEIGHTS), /a second value 'logits'/],
  [
    'another number of classes',
    smallGraph(GOOD, WEIGHTS, { classes: 3 }),
    /from 2 values to 2 classes.*from 2 to 3/,
  ],
  [
    'a convolution of no image',
    withNode({
      operation: 'linear',
      name: 'second',
      terms: [
        {
          kind: 'convolution',
          input: 'active',
          weight: 'a',
          strides: [1, 1],
          dilations: [1, 1],
          padding: [0, 0, 0, 0],
          channels: 'last',
        },
      ],
    }),
    /a value of shape \[3\] at linear 'second' \(node 3\).*an image/,
  ],
  [
    'a slice beyond the end',
    withNode({ operation: 'slice', name: 'cut', input: 'active', axis: 0, start: 2, count: 2, stride: 1 }),
    /at slice 'cut' \(node 3\).*at least 4 entries/,
  ],
  [
    'a reshape to another size',
    withNode({ operation: 'reshape', name: 'flat', input: 'active', shape: [2, 2] }),
    /a value of shape \[3\] at reshape 'flat' \(node 3\).*the 4 values/,
  ],
  [
    'a gate of another shape',
    withNode({ operation: 'gate', name: 'gated', signal: 'active', gate: 'input' }),
    /a gate of shape \[2\] for a signal of \[3\] at gate 'gated'/,
  ],
]

it.each(BAD)('refuses %s and names where', (_, model, message) => {
  expect(() => checkGraphModel(model)).toThrow(message)
})

it('reads back what it writes, byte by byte', () => {
  const file = writeAnyModel(smallGraph(GOOD, WEIGHTS))
  expect(writeAnyModel(readAnyModel(file, 'small'))).toEqual(file)
})

it.each([
  ['no graph', {}, /a graph that says at ''/],
  ['no JSON', { graph: '{"version":1' }, /a graph that says at ''/],
  [
    'an unknown operation',
    { graph: JSON.stringify({ version: 1, nodes: [{ operation: 'fft' }] }) },
    /nodes\.0\.operation|input/,
  ],
  ['another format', { format: 'pt' }, /the format 'pt'/],
])('refuses a file with %s', (_, changes, message) => {
  const fields = {
    name: 'x',
    architecture: 'graph',
    rows: '1',
    cols: '2',
    steps: '1',
    items: '1',
    classes: '2',
  }
  const metadata: Record<string, string> = { ...fields, ...changes }
  expect(() => readAnyModel(writeSafetensors(new Map(), metadata), 'x.safetensors')).toThrow(message)
})

it('a network of another program is no weight file, and what to do is said', () => {
  expect(() => readAnyModel(new Uint8Array(9).fill(8), 'net.ONNX')).toThrow(/models --import/)
})
