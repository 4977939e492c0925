import { gzipSync } from 'node:zlib'
import { idxBytes } from '../../../support/idx.ts'
import type { Place } from './place.ts'
import type { BadInput } from './refusal.ts'
import { toBadInput, type Row } from './row.ts'
import { modelWorkspace, onWorkspace } from './workspace-files.ts'

const COUNT = 40
const IMAGES = idxBytes([COUNT, 28, 28], new Uint8Array(COUNT * 784).fill(7))
const LABELS = idxBytes(
  [COUNT],
  Uint8Array.from({ length: COUNT }, (_, index) => index % 10),
)

/** Data files of which one split is bad, in the folder where downloaded data lies. */
function withData(
  place: Place,
  split: 'train' | 't10k',
  images: Uint8Array | null,
  labels: Uint8Array | null,
): void {
  const folder = 'data/heatproof/data/fashion-mnist'
  for (const part of ['train', 't10k']) {
    const [pixels, classes] = part === split ? [images, labels] : [IMAGES, LABELS]
    const suffix = (bytes: Uint8Array) => (bytes[0] === 0x1f ? '.gz' : '')
    if (pixels) place.put(`${folder}/${part}-images-idx3-ubyte${suffix(pixels)}`, pixels)
    if (classes) place.put(`${folder}/${part}-labels-idx1-ubyte${suffix(classes)}`, classes)
  }
}

const explain =
  (images: Uint8Array, labels: Uint8Array) =>
  (place: Place): string[] => {
    withData(place, 't10k', images, labels)
    const dataset = ['--dataset', 'fashion-mnist-3-items-maj', '--count', '10']
    return [
      'explain',
      ...onWorkspace(place, modelWorkspace()),
      ...dataset,
      '--methods',
      'sa',
      '--backend',
      'wasm',
    ]
  }

const train =
  (images: Uint8Array, labels: Uint8Array) =>
  (place: Place): string[] => {
    withData(place, 'train', images, labels)
    const dataset = ['--dataset', 'fashion-mnist-3-items-maj', '--epochs', '1']
    return ['train', ...onWorkspace(place, modelWorkspace()), ...dataset, '--backend', 'wasm']
  }

const FRESH = 'get a fresh copy'
const SPLIT = 'Use the image and label file of one split.'
const zipped = gzipSync(IMAGES)

const ROWS: readonly Row[] = [
  [
    'images with a wrong magic number',
    explain(IMAGES.with(0, 1), LABELS),
    /t10k-images-idx3-ubyte beginning with '01 00 08 03'/,
    'an IDX file',
    FRESH,
    { json: true },
  ],
  [
    'images of another type',
    explain(IMAGES.with(2, 0x0d), LABELS),
    'values of type float in ',
    'unsigned bytes',
    FRESH,
  ],
  [
    'images cut off in their header',
    explain(IMAGES.subarray(0, 10), LABELS),
    '10 bytes in ',
    'a header of 16 bytes',
    FRESH,
  ],
  [
    'images cut off in their data',
    explain(IMAGES.subarray(0, 5000), LABELS),
    '4984 bytes of data',
    '31360 for its shape [40, 28, 28]',
    FRESH,
  ],
  [
    'images with bytes after them',
    explain(Buffer.concat([IMAGES, Buffer.of(1)]), LABELS),
    '31361 bytes of data',
    '31360',
    FRESH,
  ],
  ['an empty file of images', explain(new Uint8Array(), LABELS), "beginning with ''", 'an IDX file', FRESH],
  [
    'images of another size',
    explain(idxBytes([COUNT, 28, 14], new Uint8Array(COUNT * 392)), LABELS),
    'shape [40, 28, 14]',
    '[N, 28, 28]',
    SPLIT,
  ],
  [
    'no images',
    explain(idxBytes([0, 28, 28], new Uint8Array()), idxBytes([0], new Uint8Array())),
    'shape [0, 28, 28]',
    'N > 0',
    SPLIT,
  ],
  [
    'a .gz file that is cut off',
    explain(zipped.subarray(0, 40), LABELS),
    /cannot be unpacked .*t10k-images-idx3-ubyte\.gz/,
    'a whole .gz file',
    FRESH,
  ],
  [
    'a .gz file that is damaged',
    explain(
      zipped.map((byte, index) => (index === 20 ? byte ^ 255 : byte)),
      LABELS,
    ),
    'cannot be unpacked',
    'a whole .gz file',
    FRESH,
  ],
  [
    'fewer labels than images',
    explain(IMAGES, idxBytes([3], Uint8Array.of(1, 2, 3))),
    /3 labels in .* for 40 images in /,
    'one label an image',
    SPLIT,
  ],
  [
    'labels in two columns',
    explain(IMAGES, idxBytes([COUNT, 1], new Uint8Array(COUNT))),
    'shape [40, 1] in ',
    'labels of shape [N]',
    SPLIT,
  ],
  [
    'a class above 9',
    explain(IMAGES, LABELS.with(8 + 17, 12)),
    'class 12 of image 17 in ',
    'classes 0 to 9',
    'belongs to these images',
  ],
  ['labels in place of images', explain(LABELS, LABELS), 'shape [40] in ', '[N, 28, 28]', SPLIT],
  [
    'fewer images than samples',
    explain(idxBytes([4, 28, 28], new Uint8Array(4 * 784)), idxBytes([4], Uint8Array.of(0, 1, 2, 3))),
    '10 sequences',
    'at most 4',
    'Ask for fewer',
  ],
  [
    'training images that are cut off',
    train(IMAGES.subarray(0, 5000), LABELS),
    /4984 bytes of data in .*train-images-idx3-ubyte/,
    '31360 for its shape',
    FRESH,
    { mayGrow: ['jobs', 'sqlite_sequence'] },
  ],
  [
    'training labels with a class above 9',
    train(IMAGES, LABELS.with(8 + 3, 77)),
    'class 77 of image 3',
    'classes 0 to 9',
    'belongs to these images',
    { mayGrow: ['jobs', 'sqlite_sequence'] },
  ],
]

export const IMAGE_FILES: readonly BadInput[] = ROWS.map(toBadInput)
