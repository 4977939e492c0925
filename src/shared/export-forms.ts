/** What an export can be written as: an audited set, or what another tool reads. */
export const EXPORT_FORMS = ['set', 'parquet', 'coco', 'fiftyone', 'label-studio', 'virelay', 'html'] as const
export type ExportForm = (typeof EXPORT_FORMS)[number]

/** How people choose a form. */
export interface FormTitle {
  title: string
  /** What is written, in a sentence. */
  text: string
  /** Whether every map is a picture in it; `optional`: where that is asked for. */
  pictures: 'always' | 'optional' | 'never'
}

export const FORM_TITLES: Readonly<Record<ExportForm, FormTitle>> = {
  set: {
    title: 'Audited set',
    text: 'Maps and inputs (.npy), verdicts with reviewer and time (.csv, .jsonl), scores under the chosen calibration, and the models.',
    pictures: 'optional',
  },
  parquet: {
    title: 'Parquet',
    text: 'Five tables for pandas, Polars, DuckDB or Spark: samples, maps with their pixels, scores, verdicts and consensus.',
    pictures: 'never',
  },
  coco: {
    title: 'COCO',
    text: 'Inputs and maps as images, regions and the boxes of verdicts as annotations, failure modes as categories.',
    pictures: 'always',
  },
  fiftyone: {
    title: 'FiftyOne',
    text: 'A dataset with a sample for each input: regions, flags, and a heatmap field for each model and method.',
    pictures: 'always',
  },
  'label-studio': {
    title: 'Label Studio',
    text: 'A task for each map with its verdicts as annotations and the calibration’s as prediction, and the labelling interface.',
    pictures: 'always',
  },
  html: {
    title: 'Contact sheet',
    text: 'One page with every input, its maps and what reviewers said of them, for any browser.',
    pictures: 'always',
  },
  virelay: {
    title: 'ViRelAy',
    text: 'A project for each model and method: inputs, maps and predictions, and an analysis by consensus and failure mode.',
    pictures: 'never',
  },
}
