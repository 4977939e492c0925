import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { launchBrowser } from '../src/hosts/bench/chromium.ts'
import { SCREENS } from '../test/e2e/support/screens.ts'

const ROOT = join(import.meta.dirname, '..')
const SHOTS = join(ROOT, 'test-results', 'screens')
const IMAGES = join(ROOT, 'docs', 'images')
const QUALITY = 0.7

/** The pictures of the documentation: every screen on the sample workspace, in both themes and sizes. */
const NAMES = SCREENS.flatMap(({ name }) =>
  ['dark', 'light'].flatMap((theme) => [1280, 1920].map((width) => `${name}-${theme}-${width}`)),
)

/** A PNG as WebP, which takes a fifth of the bytes. */
async function toWebp(page: Page, png: Buffer): Promise<Buffer> {
  const source = `data:image/png;base64,${png.toString('base64')}`
  const data = await page.evaluate<string>(`(async () => {
    const picture = new Image()
    picture.src = ${JSON.stringify(source)}
    await picture.decode()
    const canvas = document.createElement('canvas')
    canvas.width = picture.width
    canvas.height = picture.height
    canvas.getContext('2d').drawImage(picture, 0, 0)
    return canvas.toDataURL('image/webp', ${QUALITY})
  })()`)
  return Buffer.from(data.slice(data.indexOf(',') + 1), 'base64')
}

const browser = await launchBrowser()
try {
  const page = await browser.newPage()
  rmSync(IMAGES, { recursive: true, force: true })
  mkdirSync(IMAGES, { recursive: true })
  for (const name of NAMES) {
    const png = readFileSync(join(SHOTS, `${name}.png`))
    writeFileSync(join(IMAGES, `${name}.webp`), await toWebp(page, png))
  }
  console.log(`${NAMES.length} pictures are in docs/images.`)
} finally {
  await browser.close()
}
