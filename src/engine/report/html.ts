import { escapeHtml } from '../../shared/escape-html.ts'

/** A table of text; cells that look like numbers stand to the right. */
export function tableHtml(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const cell = (text: string) => `<td${isNumber(text) ? ' class="number"' : ''}>${escapeHtml(text)}</td>`
  return [
    '<div class="scroll"><table>',
    `<thead><tr>${titles.map((title) => `<th scope="col">${escapeHtml(title)}</th>`).join('')}</tr></thead>`,
    '<tbody>',
    ...rows.map((row) => `<tr>${row.map(cell).join('')}</tr>`),
    '</tbody></table></div>',
  ].join('\n')
}

/** A number, a percentage, an interval or an estimate with one. */
function isNumber(text: string): boolean {
  return /^(< )?[−\d][\d.,]*( %| to [−\d.]+| \[[^\]]*\])?$/.test(text)
}

export function paragraph(text: string, kind = ''): string {
  return `<p${kind === '' ? '' : ` class="${kind}"`}>${escapeHtml(text)}</p>`
}

/** What is shown on request. */
export function details(title: string, body: string): string {
  return `<details><summary>${escapeHtml(title)}</summary>\n${body}\n</details>`
}
