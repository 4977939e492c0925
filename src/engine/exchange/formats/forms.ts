import type { ExportForm } from '../../../shared/export-forms.ts'
import type { Form } from './form.ts'

/** Loaded when they are asked for, since some bring a large library. */
const FORMS: Readonly<Record<Exclude<ExportForm, 'set'>, () => Promise<Form>>> = {
  coco: async () => (await import('./coco.ts')).coco,
  fiftyone: async () => (await import('./fiftyone.ts')).fiftyone,
  html: async () => (await import('./html.ts')).html,
  'label-studio': async () => (await import('./label-studio.ts')).labelStudio,
  parquet: async () => (await import('./parquet.ts')).parquet,
  virelay: async () => (await import('./virelay.ts')).virelay,
}

/** The form with this name. */
export function loadForm(name: Exclude<ExportForm, 'set'>): Promise<Form> {
  return FORMS[name]()
}
