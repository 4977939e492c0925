/** The style of a contact sheet: the colours of the app, dark and light by the reader's setting, and paper. */
export const SHEET_STYLE = `
:root { color-scheme: light dark; --page: #fff; --soft: #f1f1f3; --line: #dedee2; --text: #1a1b1d; --muted: #5d6067; --link: #1f5fd0; --accept: #14704a; --accept-soft: #e3f4eb; --fail: #b9252c; --fail-soft: #fce8e8; --unsure: #815200; --unsure-soft: #fbf0d9; }
@media (prefers-color-scheme: dark) { :root { --page: #17181a; --soft: #1f2123; --line: #2b2d31; --text: #ededef; --muted: #a3a6ad; --link: #8ab4ff; --accept: #52c793; --accept-soft: #16291f; --fail: #ff9092; --fail-soft: #341b1d; --unsure: #e6b95c; --unsure-soft: #2f2614; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 14px/1.45 system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', sans-serif; }
header, section, footer { max-width: 1720px; margin: 0 auto; padding: 0 24px; }
header { padding-top: 32px; padding-bottom: 24px; }
footer { padding-bottom: 48px; color: var(--muted); font-size: 12px; }
h1 { margin: 0 0 4px; font-size: 24px; line-height: 1.25; letter-spacing: -0.02em; }
h2 { margin: 0 0 12px; font-size: 15px; line-height: 20px; }
h2 small { margin-left: 8px; color: var(--muted); font-size: 12px; font-weight: 400; }
p { max-width: 90ch; margin: 4px 0; }
a { color: var(--link); }
section { padding-top: 24px; padding-bottom: 24px; border-top: 1px solid var(--line); content-visibility: auto; contain-intrinsic-size: auto 480px; }
.muted { color: var(--muted); }
.maps { display: grid; grid-template-columns: repeat(auto-fill, minmax(252px, 1fr)); gap: 20px 16px; margin: 0; padding: 0; list-style: none; }
.input { margin: 0 0 20px; }
figure { margin: 0; min-width: 0; }
.picture { position: relative; width: max-content; max-width: 100%; border-radius: 4px; overflow: hidden; outline: 1px solid var(--line); }
.picture img { display: block; max-width: 100%; height: auto; image-rendering: pixelated; }
.picture svg { position: absolute; inset: 0; width: 100%; height: 100%; }
rect { fill: none; stroke-width: 1.5px; vector-effect: non-scaling-stroke; }
.region { stroke: #8e9096; stroke-dasharray: 3 3; }
.label { stroke: #52c793; }
.flag { stroke: #ff5a5f; }
figcaption { display: flex; flex-wrap: wrap; align-items: baseline; gap: 2px 8px; margin-top: 6px; font-size: 12px; line-height: 16px; }
figcaption strong { font-weight: 600; }
figcaption > * { min-width: 0; overflow-wrap: anywhere; }
.wide { flex-basis: 100%; }
.number { font-variant-numeric: tabular-nums; }
.verdict { padding: 0 6px; border-radius: 8px; background: var(--soft); color: var(--muted); font-weight: 500; }
.accept { background: var(--accept-soft); color: var(--accept); }
.fail { background: var(--fail-soft); color: var(--fail); }
.unsure { background: var(--unsure-soft); color: var(--unsure); }
@media print { :root { color-scheme: light; } section { break-inside: auto; content-visibility: visible; } figure { break-inside: avoid; } }
`
