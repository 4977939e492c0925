import { HeatproofError } from '../../shared/errors.ts'
import { readIdxFile, type SourceFile } from './idx.ts'

/** Side of an item in pixels. */
export const ITEM_SIDE = 28
/** Pixels of an item. */
export const ITEM_PIXELS = ITEM_SIDE * ITEM_SIDE
/** Number of classes of MNIST and Fashion-MNIST. */
export const CLASSES = 10

/** One official split of a data set: N grey images of 28 x 28 with their classes. */
export interface LabelledImages {
  count: number
  /** Pixels 0 (black) to 255, [N, 28, 28]. */
  images: Uint8Array
  /** Classes 0 to 9, [N]. */
  labels: Uint8Array
  /** The files that it came from: images, then labels. */
  files: readonly [SourceFile, SourceFile]
}

/**
 * Reads images and labels from two IDX files, plain or gzipped.
 *
 * @throws HeatproofError `not_found`, `bad_file` (damaged, not 28 x 28, labels and images of different number),
 *   `bad_values` (a class above 9)
 */
export async function readLabelledImages(imagesPath: string, labelsPath: string): Promise<LabelledImages> {
  const [images, labels] = await Promise.all([readIdxFile(imagesPath), readIdxFile(labelsPath)])
  const [count = 0, rows, columns, ...more] = images.shape
  if (rows !== ITEM_SIDE || columns !== ITEM_SIDE || more.length > 0 || count === 0) {
    throw unsuitable(
      `shape [${images.shape.join(', ')}] in ${imagesPath}`,
      'images of shape [N, 28, 28], N > 0',
    )
  }
  if (labels.shape.length !== 1) {
    throw unsuitable(`shape [${labels.shape.join(', ')}] in ${labelsPath}`, 'labels of shape [N]')
  }
  if (labels.shape[0] !== count) {
    throw unsuitable(
      `${labels.data.length} labels in ${labelsPath} for ${count} images in ${imagesPath}`,
      'one label an image',
    )
  }
  const wrong = labels.data.findIndex((label) => label >= CLASSES)
  if (wrong >= 0) {
    throw new HeatproofError('bad_values', {
      found: `class ${labels.data[wrong] ?? ''} of image ${wrong} in ${labelsPath}`,
      expected: `classes 0 to ${CLASSES - 1}`,
      advice: 'Use the label file that belongs to these images.',
    })
  }
  return { count, images: images.data, labels: labels.data, files: [images.file, labels.file] }
}

function unsuitable(found: string, expected: string): HeatproofError {
  return new HeatproofError('bad_file', {
    found,
    expected,
    advice: 'Use the image and label file of one split.',
  })
}
