import { escapeHtml } from '../shared/escape-html.ts'

export interface Problem {
  title: string
  /** What was found, expected and can be done; may have many lines. */
  detail: string
}

const POLICY = "default-src 'none'; style-src 'unsafe-inline'"

const STYLE = `
  body { margin: 15vh auto; max-width: 44rem; padding: 0 2rem; font: 15px/1.5 system-ui, sans-serif;
    color: #e8e8e8; background: #161616; }
  h1 { font-size: 1.4rem; font-weight: 600; }
  pre { white-space: pre-wrap; overflow-wrap: anywhere; color: #b8b8b8; font: 13px/1.5 ui-monospace, monospace; }
`

/** The page that the window shows while there is no engine to show: text only, without script. */
export function problemPage({ title, detail }: Problem): string {
  const html = `<!doctype html><html lang="en"><meta charset="utf-8">
    <meta http-equiv="content-security-policy" content="${POLICY}">
    <title>Heatproof</title><style>${STYLE}</style>
    <h1>${escapeHtml(title)}</h1><pre>${escapeHtml(detail)}</pre></html>`
  return `data:text/html;charset=utf-8,${encodeURIComponent(html)}`
}
