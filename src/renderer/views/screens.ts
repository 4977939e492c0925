import type { Component } from 'svelte'
import type { IconName } from '../components/Icon.svelte'
import type { Screen } from '../lib/routing.ts'

export interface ScreenEntry {
  title: string
  icon: IconName
  load: () => Promise<{ default: Component }>
}

const files = import.meta.glob<{ default: Component }>(
  './*/{Runs,Review,Calibrate,Figures,Export,Settings}.svelte',
)

async function missing(): Promise<never> {
  return Promise.reject(new Error('This screen is not part of this build.'))
}

function entry(title: string, icon: IconName, path: string): ScreenEntry {
  return { title, icon, load: files[path] ?? missing }
}

/** The screens in the order of the rail, each loaded when it is first shown. */
export const SCREEN_ENTRIES: Record<Screen, ScreenEntry> = {
  runs: entry('Runs', 'runs', './runs/Runs.svelte'),
  review: entry('Review', 'review', './review/Review.svelte'),
  calibrate: entry('Calibrate', 'calibrate', './calibrate/Calibrate.svelte'),
  figures: entry('Figures', 'figures', './figures/Figures.svelte'),
  export: entry('Export', 'export', './export/Export.svelte'),
  settings: entry('Settings', 'settings', './settings/Settings.svelte'),
}
