import type { ChartOptions, FontSpec, ScaleOptions } from 'chart.js'
import type { Colours } from './colours.ts'

type AxisOptions = ScaleOptions<'linear'> & { type: 'linear' }

export const CHART_FONT: Partial<FontSpec> = {
  family: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', sans-serif",
  size: 12,
}

/** A linear axis with its title, faint grid lines and the range given. */
export function axis(
  colours: Colours,
  title: string,
  range: { min?: number; max?: number } = {},
): AxisOptions {
  return {
    type: 'linear',
    ...range,
    title: { display: title !== '', text: title, color: colours('--text-2'), font: CHART_FONT },
    ticks: {
      color: colours('--text-3'),
      font: { ...CHART_FONT, size: 11 },
      maxRotation: 0,
      includeBounds: false,
      autoSkipPadding: 12,
    },
    grid: { color: colours('--line'), drawTicks: false },
    border: { color: colours('--line-strong') },
  }
}

/** Options that all charts share: no animation, sized by their box, tooltips in the theme's colours. */
export function baseOptions(colours: Colours): ChartOptions {
  return {
    animation: false,
    responsive: true,
    maintainAspectRatio: false,
    color: colours('--text-2'),
    font: CHART_FONT,
    plugins: {
      legend: { display: false },
      title: { display: false },
      tooltip: {
        backgroundColor: colours('--surface-3'),
        titleColor: colours('--text-1'),
        bodyColor: colours('--text-1'),
        borderColor: colours('--line-strong'),
        borderWidth: 1,
        titleFont: CHART_FONT,
        bodyFont: CHART_FONT,
        padding: 8,
        boxPadding: 4,
        usePointStyle: true,
      },
    },
  }
}
