import axe from 'axe-core'
import type { Page } from 'playwright-core'

/** What WCAG 2.2, levels A and AA, asks for: names of controls, contrast, roles, structure. */
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** What is not accessible on the page: one line a rule and element, empty when all is well. */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  await page.evaluate(axe.source)
  const options = JSON.stringify({ runOnly: RULES, resultTypes: ['violations'] })
  const { violations } = await page.evaluate<axe.AxeResults>(`axe.run(document, ${options})`)
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(
      (node) => `${id}: ${node.html.slice(0, 160)}: ${node.any[0]?.message ?? node.all[0]?.message ?? ''}`,
    ),
  )
}

/** Elements that are wider inside than outside, by more than the margin that small round buttons stand out. */
const CUT = `
  [...document.querySelectorAll('body, header, aside, main, nav, [role="toolbar"], dialog, button, h1, h2')]
    .filter((element) => !element.closest('.truncate, .visually-hidden') && element.scrollWidth > element.clientWidth + 4)
    .filter((element) => getComputedStyle(element).display !== 'inline')
    .map((element) => element.tagName.toLowerCase() + ' ' + (element.getAttribute('aria-label') ?? element.textContent.trim().slice(0, 60)))
`

/** Parts of the page whose content is cut off at the right: tag and name or text. */
export async function cutElements(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(CUT)
}
