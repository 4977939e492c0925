import { calibrationReport } from '../../shared/calibration-report.ts'
import { FORM_TITLES } from '../../shared/export-forms.ts'
import { formatCount, formatPercent, formatValue, plural, shortHash } from '../../shared/units.ts'
import { parseMethod } from '../../shared/methods.ts'
import type { SetSource } from './audited-set-context.ts'
import type { SetManifest } from './audited-set-manifest.ts'
import type { DatasheetFacts, Origins } from './datasheet-facts.ts'

type Manifest = Omit<SetManifest, 'files'>

const INCLUDES = {
  accepted: 'those that their reviewers together accepted',
  failed: 'those that their reviewers together failed',
  unsure: 'those of which their reviewers together are unsure',
  consensus: 'those that their reviewers together accepted or failed',
  any: 'all of them, reviewed or not',
}

const RULES = {
  majority: 'Together means: more than half of them.',
  unanimous: 'Together means: all of them.',
  any: 'Together means: failed as soon as one says so, else accepted as soon as one does.',
}

/**
 * What an export is, how its maps were chosen, by whom they were reviewed, how far these agree, and what does not follow from
 * it: Markdown, from the records alone, so that it is the same whenever it is written.
 */
export function datasheetText(
  manifest: Manifest,
  facts: DatasheetFacts,
  maps: SetSource['selection']['maps'],
): string {
  const sections: [string, string[]][] = [
    ['What it is', whatItIs(manifest, maps)],
    ['How the maps were chosen', howChosen(manifest)],
    ['Who reviewed them', whoReviewed(manifest, facts)],
    ['How far the reviewers agree', howFarAgreed(facts)],
    ['Calibration', calibration(manifest, facts)],
    ['Known limits', bullets(limits(manifest, facts, maps))],
  ]
  const body = sections.map(([title, lines]) => `## ${title}\n\n${lines.join('\n')}\n`).join('\n')
  return `# Datasheet of ${escape(manifest.name)}\n\n${body}`
}

function whatItIs(
  { form, counts, models, sampleSets }: Manifest,
  maps: SetSource['selection']['maps'],
): string[] {
  const methods = [...Map.groupBy(maps, ({ method }) => method)].map(
    ([method, members]): [string, string] => [`\`${method}\``, String(members.length)],
  )
  return [
    `${FORM_TITLES[form].title}: ${plural(counts.maps, 'relevance map')} of ${plural(counts.samples, 'sample')}, computed for ${plural(counts.models, 'model')}, with ${plural(counts.verdicts, 'verdict')}.`,
    '',
    ...table(
      ['sample set', 'data set', 'split', 'fold', 'seed'],
      sampleSets.map(({ name, dataset, split, fold, seed }) =>
        [name, dataset, split, String(fold), String(seed)].map(escape),
      ),
    ),
    '',
    ...table(
      ['model', 'accuracy', 'SHA-256 of its weights'],
      models.map(({ name, accuracy, sha256 }) => [
        escape(name),
        formatPercent(accuracy),
        `\`${shortHash(sha256)}\``,
      ]),
    ),
    '',
    ...table(
      ['method', 'maps'],
      methods.sort(([a], [b]) => (a < b ? -1 : 1)),
    ),
  ]
}

function howChosen({ selection, counts }: Manifest): string[] {
  const filter = JSON.stringify(selection.filter)
  return [
    `From the maps of the workspace that match the filter \`${filter}\`${filter === '{}' ? ' (no filter)' : ''}: ${INCLUDES[selection.include]}, ${formatCount(counts.maps)} in all. ${RULES[selection.rule]}`,
    ...(selection.reviewers === null
      ? []
      : ['', `Only verdicts of ${selection.reviewers.map(escape).join(', ')} count, and are in it.`]),
  ]
}

function whoReviewed(
  { counts }: Manifest,
  { reviewers, origins, period, withdrawn }: DatasheetFacts,
): string[] {
  const { accept, fail, unsure, tie, none } = counts.consensus
  if (period === null) return ['Nobody has reviewed any of these maps.']
  return [
    ...table(
      ['reviewer', 'verdicts that count', 'all verdicts'],
      reviewers.map(({ name, counted, all }) => [escape(name), String(counted), String(all)]),
    ),
    '',
    `Given between ${period[0]} and ${period[1]}; ${withdrawn} taken back. Of ${plural(origins.verdicts, 'verdict')} that count${origins.verdicts === 1 ? 's' : ''}: ${origins.random} on maps drawn at random, ${origins.ordered} from queues in a chosen order, ${origins.free} without a queue; ${origins.blind} blind, ${origins.group} to whole groups.`,
    '',
    `Consensus: ${accept} accepted, ${fail} failed, ${unsure} unsure, ${tie} tied, ${none} without a verdict.`,
  ]
}

function howFarAgreed({ agreement }: DatasheetFacts): string[] {
  if (agreement === null)
    return ['No map has verdicts of two reviewers, so nothing is known of how far they agree.']
  return [
    `On ${plural(agreement.maps, 'map')} with two or more reviewers: raw agreement ${formatPercent(agreement.raw)}, Krippendorff’s alpha ${formatValue(agreement.alpha)}, Gwet’s AC1 ${formatValue(agreement.ac1)} (verdicts to whole groups left out).`,
  ]
}

function calibration({ calibration: active }: Manifest, { fit }: DatasheetFacts): string[] {
  if (fit === null)
    return [`None: scores follow the default cap τ = ${active.tau}, and no threshold says which map fails.`]
  return [
    `Version ${active.version ?? ''}: ${active.metric ?? ''}, τ = ${active.tau}, θ = ${active.theta ?? 'none'}.`,
    ...calibrationReport(fit).flatMap(({ title, sentences }) =>
      sentences.length === 0 ? [] : ['', `**${title}.** ${sentences.join(' ')}`],
    ),
  ]
}

function limits(
  { selection, counts }: Manifest,
  facts: DatasheetFacts,
  maps: SetSource['selection']['maps'],
): string[] {
  const { none, tie } = counts.consensus
  const { agreement, reviewers, singleReviewer, states, fit } = facts
  const imported = maps.filter(({ method }) => parseMethod(method).family === 'import').length
  const bad = (states.get('not_conserved') ?? 0) + (states.get('warning') ?? 0)
  const counted = reviewers.filter((reviewer) => reviewer.counted > 0)
  return present([
    [none > 0, `${share(none, counts.maps)} have no verdict: nobody has said whether they are right.`],
    [
      selection.include === 'accepted',
      'Maps that failed, were disputed or were never reviewed are left out on purpose: a share of failures cannot be told from this set.',
    ],
    [
      selection.include === 'consensus' || selection.include === 'failed' || selection.include === 'unsure',
      'Maps with another verdict or none are left out on purpose, so shares in this set say nothing of all maps.',
    ],
    [
      counted.length === 1,
      `All verdicts that count are of one reviewer, ${escape(counted[0]?.name ?? '')}: they may share one person’s errors.`,
    ],
    [
      counted.length > 1 && singleReviewer > 0,
      `${share(singleReviewer, counts.maps)} rest on one reviewer alone.`,
    ],
    [tie > 0, `On ${share(tie, counts.maps)} the reviewers disagree without a majority.`],
    ...originLimits(facts.origins),
    [
      agreement !== null && (agreement.alpha ?? 1) < LOW_ALPHA,
      `Krippendorff’s alpha is below ${LOW_ALPHA}, below which conclusions from the verdicts are drawn with care.`,
    ],
    [fit === null, 'No calibration was active, so no score is fitted to these verdicts.'],
    ...(fit?.warnings ?? []).map((warning): Limit => [true, `Calibration: ${warning}`]),
    [
      bad > 0,
      `${share(bad, counts.maps)} do not add up as their method promises, or carry a warning; see their state.`,
    ],
    [
      imported > 0,
      `${share(imported, counts.maps)} were imported: what computed them stands in their origin, and Heatproof cannot compute them again.`,
    ],
    [
      true,
      'A verdict says whether a map looks right to a person, not whether the model decided as the map says.',
    ],
  ])
}

/** Krippendorff 2004 draws tentative conclusions from 0.667 on. */
const LOW_ALPHA = 0.667

type Limit = readonly [applies: boolean, text: string]

function originLimits({ verdicts, ordered, free, blind, group }: Origins): Limit[] {
  return [
    [
      ordered > 0,
      `${share(ordered, verdicts, 'verdict')} come from queues in a chosen order, such as worst first: their share of failures says nothing of all maps. Those drawn at random do, by their probability.`,
    ],
    [
      free > 0,
      `${share(free, verdicts, 'verdict')} were given outside a queue, so how likely their maps were to be seen is unknown.`,
    ],
    [
      verdicts > blind,
      `${share(verdicts - blind, verdicts, 'verdict')} were given with model, method and metrics in sight, which may have swayed them.`,
    ],
    [
      group > 0,
      `${share(group, verdicts, 'verdict')} went to whole groups of similar maps, of which some alone were looked at.`,
    ],
  ]
}

function present(sentences: readonly Limit[]): string[] {
  return sentences.filter(([applies]) => applies).map(([, text]) => text)
}

function share(part: number, whole: number, noun = 'map'): string {
  return `${formatCount(part)} of ${plural(whole, noun)} (${formatPercent(part / whole)})`
}

function bullets(sentences: readonly string[]): string[] {
  return sentences.map((sentence) => `- ${sentence}`)
}

function table(titles: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(titles), line(titles.map(() => '---')), ...rows.map(line)]
}

/** Text as Markdown that shows it as it is, also in a cell of a table. */
function escape(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll(/[\\`*_{}[\]<>#|~]/g, String.raw`\$&`)
}
