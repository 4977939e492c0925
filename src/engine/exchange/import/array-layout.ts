import { HeatproofError } from '../../../shared/errors.ts'
import { LAYOUT_TITLES, type InputLayout, type MapLayout } from '../../../shared/imports.ts'

/** Sizes of inputs as they lie in a file. */
export interface InputFrame {
  count: number
  rows: number
  columns: number
  channels: number
}

/** The most rows and columns of an input. */
export const LARGEST_SIDE = 1024
/** More would be no channels: grey, with alpha, colour, with alpha. */
export const MOST_CHANNELS = 4

/** Where each dimension of a layout stands in a shape. */
const PLACES: Readonly<Record<InputLayout, { rows: number; columns: number; channels?: number }>> = {
  nhw: { rows: 1, columns: 2 },
  nwh: { rows: 2, columns: 1 },
  nhwc: { rows: 1, columns: 2, channels: 3 },
  nchw: { rows: 2, columns: 3, channels: 1 },
}

/** What the sizes of an array are in a layout; undefined where it has another number of dimensions. */
export function frameIn(layout: InputLayout, shape: readonly number[]): InputFrame | undefined {
  const { rows, columns, channels } = PLACES[layout]
  if (shape.length !== (channels === undefined ? 3 : 4)) return undefined
  return {
    count: shape[0] ?? 0,
    rows: shape[rows] ?? 0,
    columns: shape[columns] ?? 0,
    channels: channels === undefined ? 1 : (shape[channels] ?? 0),
  }
}

/**
 * Takes an array for N images: three dimensions are rows and columns, of four the one of at most 4 entries is the channels.
 *
 * @throws HeatproofError `bad_file` (no images, or too large), `bad_argument` (two layouts fit)
 */
export function detectInputLayout(shape: readonly number[], source: string): InputLayout {
  if (shape.length === 3) return 'nhw'
  const fitting = (['nhwc', 'nchw'] as const).filter((layout) => {
    const channels = frameIn(layout, shape)?.channels ?? 0
    return channels >= 1 && channels <= MOST_CHANNELS
  })
  const [layout] = fitting
  if (layout !== undefined && fitting.length === 1) return layout
  if (layout === undefined) throw notImages(shape, source)
  throw new HeatproofError('bad_argument', {
    found: `inputs of shape [${shape.join(', ')}] in ${source}, whose channels may be the second or the last dimension`,
    expected: 'one of them to be said',
    advice: 'Say it with --input-layout nhwc or --input-layout nchw.',
  })
}

/** @throws HeatproofError `bad_file` where the sizes cannot be those of inputs */
export function inputFrame(layout: InputLayout, shape: readonly number[], source: string): InputFrame {
  const frame = frameIn(layout, shape)
  if (frame === undefined) throw notImages(shape, source)
  const { count, rows, columns, channels } = frame
  const fits = rows <= LARGEST_SIDE && columns <= LARGEST_SIDE && channels <= MOST_CHANNELS
  if (!fits || count * rows * columns * channels === 0) throw notImages(shape, source)
  return frame
}

function notImages(shape: readonly number[], source: string): HeatproofError {
  return new HeatproofError('bad_file', {
    found: `inputs of shape [${shape.join(', ')}] in ${source}`,
    expected: `[N, rows, columns], [N, rows, columns, channels] or [N, channels, rows, columns], up to ${LARGEST_SIDE} x ${LARGEST_SIDE} with 1 to ${MOST_CHANNELS} channels`,
    advice: 'Save the inputs of all samples as one array, one entry a sample.',
  })
}

/**
 * How maps lie, so that they fit their inputs. Maps whose rows and columns are the inputs' columns and rows are taken as
 * turned (`nwh`).
 *
 * @throws HeatproofError `bad_file` where they fit in no layout, or not in the one that was said
 */
export function mapLayout(
  shape: readonly number[],
  inputs: InputFrame,
  source: string,
  wanted: MapLayout | undefined,
): MapLayout {
  const candidates: readonly MapLayout[] = wanted === undefined ? ['nhw', 'nhwc', 'nchw', 'nwh'] : [wanted]
  const layout = candidates.find((candidate) => fitsInputs(frameIn(candidate, shape), inputs))
  if (layout !== undefined) return layout
  const { count, rows, columns } = inputs
  throw new HeatproofError('bad_file', {
    found: `maps of shape [${shape.join(', ')}] in ${source}${wanted === undefined ? '' : `, said to be ${LAYOUT_TITLES[wanted]}`}`,
    expected: `one map an input: [${count}, ${rows}, ${columns}], or that with channels`,
    advice: 'Save one map for each input, in the order of the inputs.',
  })
}

function fitsInputs(maps: InputFrame | undefined, inputs: InputFrame): boolean {
  return (
    maps?.count === inputs.count &&
    maps.rows === inputs.rows &&
    maps.columns === inputs.columns &&
    maps.channels >= 1 &&
    maps.channels <= MOST_CHANNELS
  )
}

/** Values of some images as [count, rows, columns, channels], whatever their layout; those given where it is that already. */
export function toRowsFirst(
  values: Float32Array,
  layout: InputLayout,
  { rows, columns, channels }: Omit<InputFrame, 'count'>,
): Float32Array {
  if (layout === 'nhw' || layout === 'nhwc' || (layout === 'nchw' && channels === 1)) return values
  const pixels = rows * columns
  const size = pixels * channels
  const turned = new Float32Array(values.length)
  for (let image = 0; image < values.length; image += size) {
    for (let pixel = 0; pixel < pixels; pixel += 1) {
      const [row, column] = [Math.floor(pixel / columns), pixel % columns]
      const from = layout === 'nwh' ? column * rows + row : pixel
      for (let channel = 0; channel < channels; channel += 1) {
        turned[image + pixel * channels + channel] = values[image + channel * pixels + from] ?? 0
      }
    }
  }
  return turned
}
