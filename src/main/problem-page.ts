import { escapeHtml } from '../shared/escape-html.ts'

export interface Problem {
  title: string
  /** What was found, expected and can be done; may have many lines. */
  detail: string
  /** What the page offers to do about it. */
  actions?: readonly ProblemAction[]
}

export type ProblemAction = keyof typeof LABELS

const LABELS = { 'try-again': 'Try again', 'open-logs': 'Open the log folder' } as const

/** Links of the page lead to this host, which is nobody's: the window takes their path as an action and goes nowhere. */
const ACTIONS_ORIGIN = 'https://actions.heatproof.invalid'

/** The action that a link of the page asks for; undefined: any other address. */
export function actionOf(url: string): ProblemAction | undefined {
  const actions = Object.keys(LABELS) as ProblemAction[]
  return actions.find((action) => url === `${ACTIONS_ORIGIN}/${action}`)
}

const POLICY = "default-src 'none'; style-src 'unsafe-inline'"

const STYLE = `
  body { margin: 15vh auto; max-width: 44rem; padding: 0 2rem; font: 15px/1.5 system-ui, sans-serif;
    color: #e8e8e8; background: #161616; }
  h1 { font-size: 1.4rem; font-weight: 600; }
  pre { white-space: pre-wrap; overflow-wrap: anywhere; color: #b8b8b8; font: 13px/1.5 ui-monospace, monospace; }
  nav { display: flex; gap: 0.75rem; margin: 1.5rem 0; }
  a { padding: 0.4rem 0.9rem; border: 1px solid #5a5a5a; border-radius: 6px; color: inherit; text-decoration: none; }
  a:hover, a:focus-visible { background: #2a2a2a; border-color: #8a8a8a; }
  @media (prefers-color-scheme: light) {
    body { color: #1f1f1f; background: #fafafa; }
    pre { color: #555; }
    a { border-color: #b0b0b0; }
    a:hover, a:focus-visible { background: #ececec; border-color: #777; }
  }
`

/** The page that the window shows while there is no engine to show: text only, without script. */
export function problemPage({ title, detail, actions = [] }: Problem): string {
  const html = `<!doctype html><html lang="en"><meta charset="utf-8">
    <meta http-equiv="content-security-policy" content="${POLICY}">
    <title>Heatproof</title><style>${STYLE}</style>
    <h1>${escapeHtml(title)}</h1>${actions.length === 0 ? '' : links(actions)}<pre>${escapeHtml(detail)}</pre></html>`
  return `data:text/html;charset=utf-8,${encodeURIComponent(html)}`
}

function links(actions: readonly ProblemAction[]): string {
  const all = actions.map((action) => `<a href="${ACTIONS_ORIGIN}/${action}">${LABELS[action]}</a>`)
  return `<nav>${all.join('')}</nav>`
}
