import { describe, expect, it } from 'vitest'
import { makeFigure } from '../../../src/engine/figures/make-figure.ts'
import { comparison } from '../../../src/engine/figures/comparison.ts'
import { tableHtml } from '../../../src/engine/report/html.ts'
import { reportPage, type ReportContent } from '../../../src/engine/report/report-page.ts'
import { escapeHtml } from '../../../src/shared/escape-html.ts'
import { someFit } from '../../integration/figures/some-fit.ts'
import { someInput, someMaps, type SomeMap } from '../figures/some-maps.ts'

const EVIL = `<script>alert("'x'")</script>`
const facts = { cap: 'default τ', choice: 'all maps', otherClass: 0, withheld: 0 }
const maps: SomeMap[] = ['sa', 'gb'].flatMap((method) =>
  [0.5, 0.7, 0.9].map((value, index): SomeMap => ({
    shares: [value, 0, 1 - value],
    method,
    sample: index + 1,
  })),
)

async function content(change: Partial<ReportContent> = {}): Promise<ReportContent> {
  return {
    at: '2026-03-04T17:05:00.000Z',
    workspace: {
      name: EVIL,
      version: '0.1.0',
      counts: { samples: 3, models: 1, runs: 1, maps: 6, verdicts: 0, calibrations: 0, exports: 0 },
      calibration: { id: null, version: null, metric: null, tau: 0.8, theta: null },
    },
    figures: [
      { figure: await makeFigure('metrics', someInput(maps), facts), png: Uint8Array.of(1, 2, 3) },
      { figure: await makeFigure('lateral', someInput(maps), facts), png: null },
    ],
    statistics: [
      await comparison({
        ...{ maps: someMaps(maps), metric: 'percentage', tau: 0.8, compare: 'methods', over: 'auto' },
        ...{ source: 'all maps', rest: () => undefined },
      }),
    ],
    calibrations: [],
    models: [],
    runs: [],
    ...change,
  }
}

describe('a report', () => {
  it('is one page that loads nothing from elsewhere and forbids it', async () => {
    const page = reportPage(await content())
    expect(page).toContain("default-src 'none'")
    expect(page).not.toMatch(/https?:|<script|<link|@import|url\(/)
    expect([...page.matchAll(/src="([^"]{0,22})/g)].map(([, source]) => source)).toEqual([
      'data:image/png;base64,',
    ])
  })

  it('has text as text, whatever it holds', async () => {
    expect(reportPage(await content())).toContain(`<h1>${escapeHtml(EVIL)}</h1>`)
    expect(escapeHtml(EVIL)).toBe('&lt;script&gt;alert(&quot;&#39;x&#39;&quot;)&lt;/script&gt;')
  })

  it('shows each figure with its caption and numbers, and says of the others why they are not drawn', async () => {
    const made = await content()
    const page = reportPage(made)
    for (const { figure } of made.figures) expect(page).toContain(escapeHtml(figure.caption))
    expect(page).toContain('There are no maps of ConvDeep; Conv+Deep')
    expect(page.match(/<img/g)).toHaveLength(1)
  })

  it('writes undefined where a test is', async () => {
    expect(reportPage(await content())).toContain('undefined')
  })

  it('tells the default from a calibration, whose verdicts it names by their hash', async () => {
    expect(reportPage(await content())).toContain('No calibration is stored')
    const version = { id: 1, version: 1, fit: someFit({ tau: 0.55 }), createdBy: EVIL }
    const stored = { ...version, createdAt: '2026-03-04T17:05:00.000Z', active: true, newerVerdicts: 2 }
    const page = reportPage(await content({ calibrations: [stored] }))
    expect(page).toContain('0.55')
    expect(page).toContain('2 newer verdicts')
    expect(page).toContain(stored.fit.verdictHash)
    expect(page).not.toContain(EVIL)
  })
})

describe('a table', () => {
  it('has numbers to the right and names to the left', () => {
    const row = ['0.5', '−0.1 to 0.2', '98 %', '< 0.0001', '1,000', '8af55a6f', 'deep', 'undefined']
    const html = tableHtml(row, [row])
    expect(html.match(/<td class="number">/g)).toHaveLength(5)
    expect(html).toContain('<td>8af55a6f</td>')
  })
})
