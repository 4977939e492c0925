import type { Component } from 'svelte'
import type { IconName } from '../components/Icon.svelte'
import type { Screen } from '../lib/routing.ts'

export interface ScreenEntry {
  title: string
  icon: IconName
  load: () => Promise<{ default: Component }>
}

/** The screens in the order of the rail, each loaded when it is first shown. */
export const SCREEN_ENTRIES: Record<Screen, ScreenEntry> = {
  runs: { title: 'Runs', icon: 'runs', load: () => import('./runs/Runs.svelte') },
  review: { title: 'Review', icon: 'review', load: () => import('./review/Review.svelte') },
  compare: { title: 'Compare', icon: 'compare', load: () => import('./compare/Compare.svelte') },
  calibrate: { title: 'Calibrate', icon: 'calibrate', load: () => import('./calibrate/Calibrate.svelte') },
  figures: { title: 'Figures', icon: 'figures', load: () => import('./figures/FiguresScreen.svelte') },
  export: { title: 'Export', icon: 'export', load: () => import('./export/Export.svelte') },
  settings: { title: 'Settings', icon: 'settings', load: () => import('./settings/Settings.svelte') },
}
