/** The style of a report, for the screen and for paper. */
export const REPORT_STYLE = `
:root { color-scheme: light; }
body { margin: 0; background: #fff; color: #1a1b1d; font: 14px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', sans-serif; }
main { max-width: 1080px; margin: 0 auto; padding: 40px 24px 80px; }
h1 { font-size: 26px; line-height: 1.25; letter-spacing: -0.02em; margin: 0 0 4px; }
h2 { font-size: 19px; letter-spacing: -0.01em; margin: 48px 0 16px; padding-top: 16px; border-top: 1px solid #dedee2; }
h3 { font-size: 15px; margin: 28px 0 8px; }
h4 { font-size: 14px; margin: 16px 0 4px; }
p { max-width: 90ch; margin: 4px 0; }
nav { margin: 16px 0; }
a { color: #1f5fd0; }
figure { margin: 0 0 40px; break-inside: avoid; }
img { display: block; width: 100%; height: auto; }
figcaption, .caption { max-width: 100ch; margin-top: 8px; color: #4c4e54; }
.muted { color: #5d6067; }
.note { color: #815200; }
.hash { font: 12px ui-monospace, 'DejaVu Sans Mono', monospace; color: #5d6067; overflow-wrap: anywhere; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 12px; font-variant-numeric: tabular-nums; }
th, td { padding: 4px 8px; border-bottom: 1px solid #dedee2; text-align: left; vertical-align: top; }
th { color: #5d6067; font-weight: 500; }
td { overflow-wrap: break-word; }
.number { text-align: right; white-space: nowrap; }
summary { margin-top: 8px; color: #4c4e54; cursor: pointer; }
tr { break-inside: avoid; }
@page { size: A4; margin: 14mm; }
@media print { main { padding: 0; max-width: none; } nav, details { display: none; } h2 { margin-top: 24px; } figure { margin-bottom: 16px; } table { font-size: 9px; } th, td { padding: 2px 4px; } }
`
