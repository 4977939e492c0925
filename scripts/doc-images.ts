import { copyFileSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '..')
const SHOTS = join(ROOT, 'test-results', 'screens')
const IMAGES = join(ROOT, 'docs', 'images')

/** The pictures of the documentation: a screen on the sample workspace, dark, 1280 pixels wide. */
const SCREENS = [
  'review',
  'grid',
  'groups',
  'runs',
  'new-run',
  'add-model',
  'compare',
  'compare-pairs',
  'calibrate',
  'figures',
  'sanity',
  'export',
  'settings',
  'reviewers',
]

rmSync(IMAGES, { recursive: true, force: true })
mkdirSync(IMAGES, { recursive: true })
for (const screen of SCREENS)
  copyFileSync(join(SHOTS, `${screen}-dark-1280.png`), join(IMAGES, `${screen}.png`))
console.log(`${SCREENS.length} pictures are in docs/images.`)
