import { ARCHITECTURE_NAMES, parseModelName, type ArchitectureName } from '../../shared/names.ts'
import { HeatproofError } from '../../shared/errors.ts'
import {
  readSafetensors,
  writeSafetensors,
  type NamedTensor,
  type SafetensorsFile,
} from '../exchange/safetensors.ts'
import { ARCHITECTURES } from './architectures.ts'
import { ModelLayout, type LayerSize } from './layout.ts'

/** What every model says of itself, whatever its operations. */
export interface ModelFields {
  /** e.g. `deep-mnist-3-digits-maj-seq-12-fold-1` */
  readonly name: string
  /** Trained with one dropout mask a sequence instead of one a step. */
  readonly stationaryDropout: boolean
  readonly rows: number
  readonly columns: number
  /** Values of a pixel; absent: 1. */
  readonly channels?: number
  readonly steps: number
  readonly classes: number
  /** Items side by side in the image. */
  readonly items: number
  readonly weights: ReadonlyMap<string, NamedTensor>
  /** Everything else that the weight file says, e.g. `dataset`, `fold`, `seed`, `trained`. */
  readonly metadata: Readonly<Record<string, string>>
}

/** A network of the method card and its weights, free of any backend. */
export interface Model extends ModelFields {
  readonly architecture: ArchitectureName
}

/** What {@link writeModel} writes by itself. */
const OWN_METADATA = ['name', 'architecture', 'steps', 'rows', 'cols', 'items', 'classes'] as const
/** Only where there are several, so that files of grey models stay as they are. */
const CHANNELS = 'channels'

/**
 * Reads a model from the bytes of a safetensors file with the metadata of the weight layout.
 *
 * @param source the file's name, for messages
 * @throws HeatproofError `bad_file`, `bad_values`, `bad_model` (metadata missing, tensors that do not fit)
 */
export function readModel(bytes: Uint8Array, source: string): Model {
  return modelOf(readSafetensors(bytes, source), source)
}

/** A model from tensors and metadata; see {@link readModel}. */
export function modelOf({ tensors, metadata }: SafetensorsFile, source: string): Model {
  const architecture = ARCHITECTURE_NAMES.find((known) => known === metadata['architecture'])
  if (architecture === undefined) {
    throw badModel(
      `the architecture '${metadata['architecture'] ?? ''}' in the metadata of ${source}`,
      `one of ${ARCHITECTURE_NAMES.join(', ')}`,
    )
  }
  const model: Model = { ...modelFields({ tensors, metadata }, source), architecture }
  layoutOf(model)
  return model
}

/**
 * What a file says of any model.
 *
 * @throws HeatproofError `bad_model`: metadata missing or out of range
 */
export function modelFields({ tensors, metadata }: SafetensorsFile, source: string): ModelFields {
  const name = metadataText(metadata, 'name', source)
  return {
    name,
    stationaryDropout: isStationary(name),
    rows: metadataNumber(metadata, 'rows', source),
    columns: metadataNumber(metadata, 'cols', source),
    ...(metadata[CHANNELS] !== undefined && { channels: metadataNumber(metadata, CHANNELS, source) }),
    steps: metadataNumber(metadata, 'steps', source),
    classes: metadataNumber(metadata, 'classes', source),
    items: metadataNumber(metadata, 'items', source),
    weights: tensors,
    metadata: Object.fromEntries(
      Object.entries(metadata).filter(
        ([key]) => key !== CHANNELS && !OWN_METADATA.some((own) => own === key),
      ),
    ),
  }
}

/** The bytes of a safetensors file that {@link readModel} reads back. */
export function writeModel(model: Model): Uint8Array {
  layoutOf(model)
  return writeSafetensors(model.weights, { ...metadataOf(model), architecture: model.architecture })
}

/** What {@link modelFields} reads back. */
export function metadataOf(model: ModelFields): Record<string, string> {
  const { channels = 1 } = model
  return {
    ...model.metadata,
    name: model.name,
    steps: String(model.steps),
    rows: String(model.rows),
    cols: String(model.columns),
    ...(channels !== 1 && { [CHANNELS]: String(channels) }),
    items: String(model.items),
    classes: String(model.classes),
  }
}

/**
 * The layout of a model's tensors; layer sizes come from the tensors themselves.
 *
 * @throws HeatproofError `bad_model` naming the tensor, its shape and the expected one; `bad_values` (NaN, infinity)
 */
export function layoutOf(model: Model): ModelLayout {
  if (model.columns % model.steps !== 0) {
    throw badModel(
      `${model.steps} steps for ${model.columns} columns in the model ${model.name}`,
      'steps that divide the columns',
    )
  }
  const { channels = 1 } = model
  if (channels !== 1) {
    throw badModel(
      `${channels} channels in the model ${model.name}`,
      `one, which the architecture ${model.architecture} reads`,
    )
  }
  const architecture = ARCHITECTURES[model.architecture]
  const layerSizes = new Map<string, LayerSize>()
  for (const [layer, { kernel }] of Object.entries(architecture.layers)) {
    const { shape } = tensorOf(model, `${layer}.weight`)
    const [height = 0, width = 0] = shape
    layerSizes.set(layer, {
      units: layer === 'logits' ? model.classes : (shape.at(-1) ?? 0),
      kernel: kernel === undefined ? undefined : [height, width],
    })
  }
  const layout = new ModelLayout(architecture, model, layerSizes)
  const shapes = layout.shapes()
  for (const [name, expected] of shapes) {
    const { shape, data } = tensorOf(model, name)
    if (shape.join() !== expected.join()) {
      throw badModel(
        `the tensor '${name}' of shape [${shape.join(', ')}] in the model ${model.name}`,
        `the shape [${expected.join(', ')}]`,
      )
    }
    if (!data.every(Number.isFinite)) {
      throw new HeatproofError('bad_values', {
        found: `NaN or infinity in the tensor '${name}' of the model ${model.name}`,
        expected: 'finite numbers',
        advice: 'Use another checkpoint of this model.',
      })
    }
  }
  for (const name of model.weights.keys()) {
    if (!shapes.has(name)) {
      throw badModel(
        `a tensor '${name}' in the model ${model.name}`,
        `only ${[...shapes.keys()].join(', ')} for the architecture ${model.architecture}`,
      )
    }
  }
  return layout
}

function tensorOf(model: Model, name: string): NamedTensor {
  const tensor = model.weights.get(name)
  if (tensor !== undefined) return tensor
  throw badModel(
    `no tensor '${name}' in the model ${model.name}`,
    `it for the architecture ${model.architecture}`,
  )
}

function metadataText(metadata: Readonly<Record<string, string>>, key: string, source: string): string {
  const text = metadata[key]
  if (text !== undefined) return text
  throw badModel(`no '${key}' in the metadata of ${source}`, `the metadata ${OWN_METADATA.join(', ')}`)
}

function metadataNumber(metadata: Readonly<Record<string, string>>, key: string, source: string): number {
  const text = metadataText(metadata, key, source)
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text)
  throw badModel(`'${key}' of '${text}' in the metadata of ${source}`, 'a positive whole number')
}

function isStationary(name: string): boolean {
  try {
    return parseModelName(name).stationaryDropout
  } catch {
    return false
  }
}

export function badModel(found: string, expected: string): HeatproofError {
  return new HeatproofError('bad_model', {
    found,
    expected,
    advice: 'Check that the weights and the architecture belong together.',
  })
}
