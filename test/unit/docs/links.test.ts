import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '../../..')
const IMAGES = join(ROOT, 'docs/images')
const PAGES = [
  'README.md',
  ...readdirSync(join(ROOT, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
]

/** Files that a page links to or shows, relative to the repository. */
function targets(page: string): string[] {
  const text = readFileSync(join(ROOT, page), 'utf8')
  const [links, pictures] = [/\]\(([^)\s#]+)(?:#[^)]*)?\)/g, /(?:src|srcset)="([^"]+)"/g]
  return [...text.matchAll(links), ...text.matchAll(pictures)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => relative(ROOT, join(ROOT, dirname(page), target)))
}

describe('the documentation', () => {
  it.each(PAGES)('%s links to files that are there', (page) => {
    expect(targets(page).filter((target) => !existsSync(join(ROOT, target)))).toEqual([])
  })

  it('shows every picture of docs/images, and keeps them small', () => {
    const shown = new Set(PAGES.flatMap(targets))
    const images = readdirSync(IMAGES).map((name) => `docs/images/${name}`)
    expect(images.filter((image) => !shown.has(image))).toEqual([])
    const bytes = images.reduce((sum, image) => sum + statSync(join(ROOT, image)).size, 0)
    expect(bytes).toBeLessThan(4e6)
  })

  it('has headings for its own links', () => {
    for (const page of PAGES) {
      const text = readFileSync(join(ROOT, page), 'utf8')
      const anchors = [...text.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
        title
          .toLowerCase()
          .replace(/[^\w\s-]/g, '')
          .replaceAll(' ', '-'),
      )
      const wanted = [...text.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor = '']) => anchor)
      expect(wanted.filter((anchor) => !anchors.includes(anchor))).toEqual([])
    }
  })
})
