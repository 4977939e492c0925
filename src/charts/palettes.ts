import type { Colours } from './colours.ts'

/** Figures on white, whatever the theme of the app, and in the app's dark theme. The style sheets hold the same colours. */
export const PALETTES = {
  light: {
    '--surface-1': '#ffffff',
    '--surface-3': '#e5e5e8',
    '--text-1': '#1a1b1d',
    '--text-2': '#4c4e54',
    '--text-3': '#5d6067',
    '--line': '#dedee2',
    '--line-strong': '#85878e',
    '--architecture-shallow': '#6a6b70',
    '--architecture-deep': '#0b66c3',
    '--architecture-deep_v2': '#007a7c',
    '--architecture-convdeep': '#2c7a34',
    '--architecture-convdeep_lateral': '#846500',
    '--architecture-rlstm': '#c2410c',
    '--architecture-convrlstm': '#8f2bb0',
    '--architecture-convrlstm_lateral': '#b5123f',
  },
  dark: {
    '--surface-1': '#17181a',
    '--surface-3': '#2a2c2f',
    '--text-1': '#ededef',
    '--text-2': '#b0b2b8',
    '--text-3': '#92959c',
    '--line': '#2b2d31',
    '--line-strong': '#6c6f76',
    '--architecture-shallow': '#a8a8ad',
    '--architecture-deep': '#5fa8f5',
    '--architecture-deep_v2': '#35c5c0',
    '--architecture-convdeep': '#6fc46f',
    '--architecture-convdeep_lateral': '#d3b541',
    '--architecture-rlstm': '#ff8d4f',
    '--architecture-convrlstm': '#cf8cf0',
    '--architecture-convrlstm_lateral': '#ff7396',
  },
} as const

export type FigureTheme = keyof typeof PALETTES

/** @throws Error for a variable that figures do not use */
export function paletteColours(theme: FigureTheme): Colours {
  const colours = new Map<string, string>(Object.entries(PALETTES[theme]))
  return (variable) => {
    const colour = colours.get(variable)
    if (colour === undefined) throw new Error(`no colour ${variable} in the ${theme} palette`)
    return colour
  }
}
