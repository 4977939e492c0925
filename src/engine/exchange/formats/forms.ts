import type { ExportForm } from '../../../shared/export-forms.ts'
import type { Form } from './form.ts'

/** Loaded when they are asked for, since some bring a large library. */
const FORMS: Readonly<Record<Exclude<ExportForm, 'set'>, () => Promise<Form>>> = {
  parquet: async () => (await import('./parquet.ts')).parquet,
}

/** The form with this name. */
export function loadForm(name: Exclude<ExportForm, 'set'>): Promise<Form> {
  return FORMS[name]()
}
