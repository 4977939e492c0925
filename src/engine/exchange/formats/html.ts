import type { Box } from '../../../shared/contract/common.ts'
import { escapeHtml } from '../../../shared/escape-html.ts'
import { isSigned, parseMethod } from '../../../shared/methods.ts'
import { failureModeTitle } from '../../../shared/terms/failure-modes.ts'
import { formatValue, plural } from '../../../shared/units.ts'
import type { SetContext } from '../audited-set-context.ts'
import type { MapRow } from '../audited-set-map-rows.ts'
import { enlargement } from '../audited-set-maps.ts'
import { renderMapImage } from '../map-image.ts'
import { SHEET_STYLE } from './contact-sheet-style.ts'
import type { Form } from './form.ts'
import { drawInput, sizeOf } from './pictures.ts'
import { countedVerdicts, mapVariant, samplesWithMaps, type SampleMaps } from './rows.ts'
import type { Size } from '../../workspace/export-scans.ts'

/** What a map's reviewers say together, as people read it. */
const VERDICT_TITLES = {
  accept: 'Accepted',
  fail: 'Failed',
  unsure: 'Unsure',
  tie: 'Tied',
  none: 'Not reviewed',
} as const

/** What is drawn over a picture. */
interface Outline {
  box: Box
  kind: 'region' | 'label' | 'flag'
}

/** A picture in the page itself, in the pixels of its sample and shown larger. */
function picture(png: Uint8Array, size: Size, text: string, outlines: readonly Outline[]): string {
  const scale = enlargement(size)
  const rectangles = outlines.map(
    ({ box, kind }) =>
      `<rect class="${kind}" x="${box.column}" y="${box.row}" width="${box.width}" height="${box.height}"/>`,
  )
  const overlay =
    rectangles.length === 0
      ? ''
      : `<svg viewBox="0 0 ${size.columns} ${size.rows}" preserveAspectRatio="none" aria-hidden="true">${rectangles.join('')}</svg>`
  const source = `data:image/png;base64,${Buffer.from(png).toString('base64')}`
  return `<div class="picture"><img loading="lazy" width="${size.columns * scale}" height="${size.rows * scale}" alt="${escapeHtml(text)}" src="${source}">${overlay}</div>`
}

function inputFigure({ sample, labelName }: SampleMaps): string {
  const outlines = sample.regions.map(({ box, mark }): Outline => ({
    box,
    kind: mark === 1 ? 'label' : 'region',
  }))
  const shown = sample.regions.filter(({ mark }) => mark === 1).map(({ name }) => name)
  const regions = shown.length === 0 ? 'no region shows it' : `shown by ${shown.join(', ')}`
  const text = `Input ${sample.id} with its ${plural(sample.regions.length, 'region')}`
  return `<figure class="input">${picture(drawInput(sample, 1), sample, text, outlines)}<figcaption><span class="muted">Label ${escapeHtml(labelName)}, ${escapeHtml(regions)}</span></figcaption></figure>`
}

function mapFigure(context: SetContext, row: MapRow): string {
  const { map, model, consensus, predictedFailure } = row
  const size = sizeOf(context, row)
  const signed = isSigned(parseMethod(map.method))
  const png = renderMapImage({ values: row.values(), ...size, signed })
  const verdicts = countedVerdicts(row)
  const outlines = verdicts.flatMap(({ box }): Outline[] => (box === null ? [] : [{ box, kind: 'flag' }]))
  const name = `${map.method}${mapVariant(row)}`
  const modes = consensus.modes.map((mode) => failureModeTitle(mode))
  const notes = verdicts.filter(({ note }) => note !== '')
  return [
    '<li><figure>',
    picture(png, size, `Map ${map.id}: ${name} of ${model}`, outlines),
    '<figcaption>',
    `<strong>${escapeHtml(name)}</strong>`,
    `<span class="verdict ${consensus.consensus}">${VERDICT_TITLES[consensus.consensus]}</span>`,
    `<span class="number muted">${escapeHtml(scoreText(context, row))}</span>`,
    `<span class="wide muted">${escapeHtml(model)}</span>`,
    ...(predictedFailure === true ? ['<span class="wide">The calibration says that it fails.</span>'] : []),
    ...(modes.length === 0 ? [] : [`<span class="wide">${escapeHtml(modes.join(', '))}</span>`]),
    ...notes.map(
      ({ reviewer, note }) =>
        `<span class="wide">“${escapeHtml(note)}” <span class="muted">${escapeHtml(reviewer)}</span></span>`,
    ),
    '</figcaption></figure></li>',
  ].join('')
}

/** The metric that the calibration is of, else the one that maps are ordered by. */
function metricOf({ calibration }: SetContext): string {
  return calibration.metric ?? 'capped_percentage'
}

function scoreText(context: SetContext, { scores }: MapRow): string {
  const score = scores.find(({ metric }) => metric === metricOf(context))
  return `${metricOf(context).replaceAll('_', ' ')} ${formatValue(score?.value)}`
}

function head(context: SetContext): string {
  const { request, selection, calibration } = context
  const title = escapeHtml(`${request.name}: contact sheet`)
  const samples = new Set(selection.maps.map(({ sampleId }) => sampleId)).size
  const version =
    calibration.version === null ? 'the default calibration' : `calibration version ${calibration.version}`
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${SHEET_STYLE}</style>
</head>
<body>
<header>
<h1>${title}</h1>
<p>${plural(selection.maps.length, 'relevance map')} of ${plural(samples, 'sample')}, exported by ${escapeHtml(request.createdBy)}. Scores follow ${version}, τ = ${calibration.tau}.</p>
<p class="muted">Each map has its own colour scale: black to yellow from 0 to its largest value; of methods with signs, blue is negative and orange positive. Outlines: green for regions that show the label, dashed grey for others, red for what a reviewer drew.</p>
</header>
<main>
`
}

async function write(context: SetContext): Promise<void> {
  const append = await context.folder.text('contact-sheet.html')
  await append(head(context))
  let done = 0
  for (const entry of samplesWithMaps(context)) {
    const { sample, set, labelName, maps } = entry
    const heading = `Sample ${sample.id}<small>label ${escapeHtml(labelName)} · ${escapeHtml(set.name)}</small>`
    const figures = maps.map((row) => mapFigure(context, row)).join('\n')
    await append(
      `<section aria-labelledby="sample-${sample.id}">\n<h2 id="sample-${sample.id}">${heading}</h2>\n${inputFigure(entry)}\n<ul class="maps">\n${figures}\n</ul>\n</section>\n`,
    )
    done += maps.length
    context.report(done, 'contact-sheet.html')
  }
  await append(
    '</main>\n<footer><p>Written by Heatproof. manifest.json beside this page says how it was made, datasheet.md what it rests on.</p></footer>\n</body>\n</html>\n',
  )
}

/** One page with every input and its maps, for eyes alone: no script, nothing from elsewhere. */
export const html: Form = {
  write,
  readme: `  contact-sheet.html
                    one page with every input, its regions, its maps, and what reviewers said of them; opens in any
                    browser and needs nothing else`,
}
