import { z } from 'zod'
import { CHANNEL_ORDERS, WEIGHT_LAYOUTS } from '../names.ts'
import { Dataset } from './common.ts'

const FileName = z.string().min(1).max(255)
const Base64 = z.string().max(90_000_000)

/** The file of a model, and what is to be known to read it. */
export const ModelFile = z.object({
  fileName: FileName,
  base64: Base64,
  /** Of a safetensors file. */
  layout: z.enum(WEIGHT_LAYOUTS).default('heatproof'),
  /** What black and white are for another program's network; default -1 and 1. */
  inputRange: z
    .tuple([z.number(), z.number()])
    .refine(([black, white]) => black !== white, 'two different numbers')
    .optional(),
  /** Rows of the image, for a network that reads it flat or in steps; default 28. */
  inputRows: z.int().positive().max(4096).optional(),
  /** Whether an input of two axes is [steps, pixels of a step] and not [rows, columns]. */
  inSteps: z.boolean().optional(),
  /** Where the channels of an input of three axes are; absent: at the axis of at most 4 entries. */
  channels: z.enum(CHANNEL_ORDERS).optional(),
  /** The data set whose classes the network knows, so that new runs on it begin with the model. */
  dataset: Dataset.optional(),
  /** JSON that says which layers the weights of a state dictionary belong to. */
  mapping: z.string().max(1_000_000).optional(),
  /** Files that the network keeps its weights in. */
  beside: z
    .array(z.object({ name: FileName, base64: Base64 }))
    .max(100)
    .optional(),
})
export type ModelFile = z.infer<typeof ModelFile>

/** What an import makes of another program's network. */
export const NetworkReport = z.object({
  name: z.string(),
  /** e.g. `ONNX, opset 18` */
  format: z.string(),
  /** What wrote the file; empty when it does not say. */
  tool: z.string(),
  rows: z.int(),
  columns: z.int(),
  /** Values of a pixel. */
  channels: z.int(),
  steps: z.int(),
  classes: z.int(),
  /** What black and white are for the network. */
  range: z.tuple([z.number(), z.number()]),
  /** Operations by name, with how often each is there. */
  operations: z.record(z.string(), z.int()),
  /** The layers of a sanity check, from the output on. */
  layers: z.array(z.string()),
  /** Numbers in the weights. */
  parameters: z.int(),
  /** Operations after the logits, which are explained without them. */
  leftOut: z.array(z.string()),
})
export type NetworkReport = z.infer<typeof NetworkReport>
