import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { HeatproofError } from '../../shared/errors.ts'
import { downloadIdxFiles, type DownloadProgress, type IdxDownload } from './download.ts'
import { defaultDataHome, hasSplit, SPLIT_FILES, type OfficialSplit } from './sources.ts'

/** The authors' repository; its files carry the official names with `.gz`. */
export const FASHION_MNIST_URL =
  'https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/'

/** Where Debian's package `dataset-fashion-mnist` puts the files. */
export const DEBIAN_FOLDER = '/usr/share/datasets/fashion-mnist'

/** The test split that ships with the app. */
export const BUNDLED_FOLDER = fileURLToPath(
  new URL('../../../resources/data/fashion-mnist/', import.meta.url),
)

/** The files of each split with the SHA-256 of their unpacked content, which no repacking changes. */
export const FASHION_MNIST_FILES: Readonly<Record<OfficialSplit, readonly IdxDownload[]>> = {
  train: [
    {
      name: SPLIT_FILES.train.images,
      contentSha256: 'c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888',
    },
    {
      name: SPLIT_FILES.train.labels,
      contentSha256: 'bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9',
    },
  ],
  test: [
    {
      name: SPLIT_FILES.test.images,
      contentSha256: '5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b',
    },
    {
      name: SPLIT_FILES.test.labels,
      contentSha256: '0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34',
    },
  ],
}

export interface FashionMnistDownload {
  /** Address of the folder that holds the .gz files; default {@link FASHION_MNIST_URL}. */
  baseUrl?: string
  /** Default {@link defaultDataHome}. */
  dataHome?: string
  /** Default both. */
  splits?: readonly OfficialSplit[]
  onProgress?: (progress: DownloadProgress) => void
  signal?: AbortSignal
}

/**
 * Downloads Fashion-MNIST into the data home and checks it. Files that are there already are kept.
 *
 * @returns the folder that holds the files
 * @throws HeatproofError `download_failed`, `cancelled`, `cannot_write`, `bad_argument` (no http(s) address)
 */
export async function downloadFashionMnist(options: FashionMnistDownload = {}): Promise<string> {
  const { baseUrl = FASHION_MNIST_URL, dataHome = defaultDataHome(), splits = ['train', 'test'] } = options
  const folder = join(dataHome, 'fashion-mnist')
  const files = splits.flatMap((split) => FASHION_MNIST_FILES[split])
  await downloadIdxFiles({ ...options, baseUrl, folder, files })
  return folder
}

/**
 * The folder to read a split of Fashion-MNIST from: the one that is given, else the first that holds the split of
 * downloaded data, Debian's folder, and (test split only) the files that ship with the app.
 *
 * @throws HeatproofError `not_found`, with the three ways to get the data
 */
export function fashionMnistFolder(
  split: OfficialSplit,
  { folder, dataHome = defaultDataHome() }: { folder?: string | undefined; dataHome?: string | undefined },
): string {
  const candidates = folder ? [folder] : [join(dataHome, 'fashion-mnist'), DEBIAN_FOLDER, BUNDLED_FOLDER]
  const found = candidates.find((candidate) => hasSplit(candidate, split))
  if (found !== undefined) return found
  const { images, labels } = SPLIT_FILES[split]
  throw new HeatproofError('not_found', {
    found: `no ${split} split of Fashion-MNIST in ${candidates.join(', ')}`,
    expected: `the files ${images} and ${labels}, plain or .gz`,
    advice:
      'Three ways to get it: let Heatproof download it (heatproof data --download fashion-mnist); ' +
      "install Debian's package dataset-fashion-mnist; or name a folder that holds the four IDX files.",
  })
}
