/** Looks up the colour of a CSS variable, e.g. `--text-1`, in the theme that is drawn in. */
export type Colours = (variable: string) => string
