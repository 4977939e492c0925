import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { decide } from '../../../../src/engine/review/decisions.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { formWorkspace } from './form-workspace.ts'

const root = temporaryFolder()
let audited: ReturnType<typeof formWorkspace>
let page = ''
beforeAll(async () => {
  audited = formWorkspace(root)
  decide(audited.database, {
    ...{ requestId: null, mapIds: [5], reviewer: '<b>Eve</b>', verdict: 'accept', modes: [], box: null },
    ...{ note: '</li><script>alert(1)</script>', queueId: null, blind: false },
  })
  page = readFileSync(join((await audited.write('html')).path, 'contact-sheet.html'), 'utf8')
})
afterAll(() => audited.close())

const count = (pattern: RegExp) => page.match(pattern)?.length ?? 0

test('the contact sheet shows every input and map with a text of its own, and what was said of it', () => {
  expect(count(/<section /g)).toBe(2)
  const texts = [...page.matchAll(/<img [^>]*alt="([^"]+)"/g)].map(([, text]) => text)
  expect(texts).toHaveLength(14)
  expect(new Set(texts).size).toBe(14)
  expect(count(/class="verdict none">Not reviewed</g)).toBe(8)
  expect(page).toContain('Odd-item focus, Diffuse')
  expect(page).toContain('“the “wrong” item, 100 %” <span class="muted">Ada</span>')
  expect(page).toContain('<rect class="flag" x="28" y="4" width="25" height="20"/>')
})

test('it runs no script, asks for nothing from elsewhere, and shows names as text', () => {
  expect(page).not.toMatch(/<script|<link|<iframe|javascript:|\son\w+=/i)
  for (const [, source] of page.matchAll(/(?:src|href)="([^"]*)"/g))
    expect(source).toMatch(/^data:image\/png/)
  expect(page).toContain('&lt;b&gt;Eve&lt;/b&gt;')
})
