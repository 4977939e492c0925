import { formatCount, plural } from './units.ts'

/** What can be brought into a workspace, and what people read of it. */
export const IMPORT_TITLES = {
  'audited-set': 'Audited set',
  arrays: 'NumPy arrays',
  verdicts: 'Verdicts',
  virelay: 'ViRelAy project',
} as const
export type ImportFormatName = keyof typeof IMPORT_TITLES
export const IMPORT_FORMATS = Object.keys(IMPORT_TITLES) as ImportFormatName[]

/** The order of the dimensions: samples, rows, columns, channels. */
export const INPUT_LAYOUTS = ['nhw', 'nwh', 'nhwc', 'nchw'] as const
export type InputLayout = (typeof INPUT_LAYOUTS)[number]
/** Maps with channels are summed over them. */
export const MAP_LAYOUTS = INPUT_LAYOUTS
export type MapLayout = InputLayout

/** The order of dimensions as people read it. */
export const LAYOUT_TITLES: Readonly<Record<InputLayout, string>> = {
  nhw: 'N x rows x columns',
  nwh: 'N x columns x rows',
  nhwc: 'N x rows x columns x channels',
  nchw: 'N x channels x rows x columns',
}

/** What images without maps are for, e.g. `600 images, to be explained by a run`. */
export function imagesAlone(count: number): string {
  return `${plural(count, 'image')}, to be explained by a run`
}

/** What an import brought, by the counts that it is recorded with, e.g. `6 samples, 12 maps`. */
export function importedCounts(counts: Readonly<Record<string, number>>): string {
  const { images } = counts
  if (images === 0) return 'no new images, as the workspace has them all'
  if (images !== undefined) return `${plural(images, 'image')} without maps, to be explained by a run`
  return Object.entries(counts)
    .map(([what, count]) => `${formatCount(count)} ${what}`)
    .join(', ')
}
