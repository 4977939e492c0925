import type { AgreementMetricName } from '../../../shared/names.ts'

/** Short names for narrow columns; `termTitle` has the long ones. */
export const AGREEMENT_TITLES: Record<AgreementMetricName, string> = {
  spearman: 'Spearman',
  pearson: 'Pearson',
  top_overlap: 'Top 10 %',
  ssim: 'SSIM',
}
