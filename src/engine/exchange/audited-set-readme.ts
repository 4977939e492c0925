import { FORM_TITLES } from '../../shared/export-forms.ts'
import { shortHash } from '../../shared/units.ts'
import type { SetManifest } from './audited-set-manifest.ts'

const INCLUDES = {
  accepted: 'maps whose consensus is accept',
  failed: 'maps whose consensus is fail',
  unsure: 'maps whose consensus is unsure',
  consensus: 'maps whose consensus is accept or fail',
  any: 'all maps that match, reviewed or not',
}

const RULES = {
  majority: 'what more than half of the reviewers of a map say',
  unanimous: 'what all reviewers of a map say',
  any: 'fail where one reviewer says so, else accept where one says so, else unsure',
}

/**
 * What an export is and how to verify it, for a reader who has nothing else.
 *
 * @param files what stands where in it, beside manifest and hashes
 */
export function readmeText(manifest: Omit<SetManifest, 'files'>, files: string): string {
  const { counts, calibration, selection, models } = manifest
  const { accept, fail, unsure, tie, none } = counts.consensus
  const calibrationText =
    calibration.version === null
      ? `the default (tau ${calibration.tau}, no threshold)`
      : `version ${calibration.version} (metric ${calibration.metric ?? ''}, tau ${calibration.tau}, theta ${calibration.theta ?? ''})`
  return `${FORM_TITLES[manifest.form].title.toUpperCase()} "${manifest.name}"
Written by Heatproof ${manifest.versions['heatproof'] ?? ''} for ${manifest.createdBy}; the latest of its maps and verdicts is of ${manifest.contentUntil}.

${counts.maps} relevance maps of ${counts.samples} samples and ${counts.models} models, with ${counts.verdicts} verdicts.
Chosen: ${INCLUDES[selection.include]}; filter ${JSON.stringify(selection.filter)}.
Verdicts of: ${selection.reviewers === null ? 'everybody' : selection.reviewers.join(', ')}. Consensus is ${RULES[selection.rule]}.
Consensus: ${accept} accept, ${fail} fail, ${unsure} unsure, ${tie} tie, ${none} without a verdict.
Scores follow ${calibrationText}.

FILES
  manifest.json     what the set holds and how it was made: versions, seeds, hashes, counts, filter, every file
  SHA256SUMS        the same hashes for sha256sum
  datasheet.md      what it is, how it was chosen, who reviewed it, how far they agree, and what does not follow from it
${files}

MODELS
${models.map(({ name, sha256 }) => `  ${name}  SHA-256 ${shortHash(sha256)}…`).join('\n')}

HOW TO VERIFY
  heatproof verify FOLDER_OR_ZIP     compares every file with the manifest and names each difference
  sha256sum -c SHA256SUMS            the same for changed and missing files, without Heatproof
Neither can tell whether somebody replaced a file and the manifest together: compare the SHA-256 of manifest.json with the
one that the export showed and that its workspace keeps (heatproof verify --manifest-sha256 HASH FOLDER_OR_ZIP).
`
}

/** What stands where in an audited set. */
export function setFiles(images: boolean): string {
  return `  maps/MODEL/METHOD.npy
                    relevance maps, float32 [maps, rows, columns], row by row
  maps.csv          one line a map: in which file and row it stands (from 0), what it explains, and its totals. target: the
                    explained class; target_kind: whether its run asked for the label, the prediction or a fixed class
  inputs.npy        samples, float32 [samples, rows, columns] in [-1, 1]; with [.., channels] where they have several
  samples.csv       one line a sample: file and row, label, marks of its regions (1: shows the label), provenance
  samples.jsonl     the same with the boxes of the regions in pixels, and the hashes of the source files
  verdicts.csv      every verdict that these reviewers ever gave on these maps, oldest first, with reviewer and time.
                    latest: it is the reviewer's last word and counts; consensus: what they say together of the map.
                    group: the verdict went to a whole group of similar maps, of group_size, of which
                    group_looked_at were looked at; empty: this map was decided itself. group_similar_by: the
                    imported clustering or embedding that formed the group; empty: features of the maps
  verdicts.jsonl    the same as JSON Lines
  consensus.csv     one line a map: its consensus by that rule ('tie': the rule gives none), the modes that more than
                    half, all or any of the failing verdicts have by the same rule, and how many reviewers say what
  scores.csv        one line a map: every metric with its state, and whether the calibration predicts a failure.
                    Empty: not defined; also the prediction of a failure for a map of a class that is neither label nor
                    prediction. Values outside [0, 1] are kept and marked out_of_range
  calibration.json  the calibration that scores follow, with its fit and the verdicts behind it; null: the default
  records.jsonl     all rows behind these tables as a workspace keeps them, for heatproof import: one JSON object a line
                    with its table and columns. Beside what the tables say: logits, shares of the regions, checks, scores by
                    pixel, queues, groups, decisions and their undoing, and which calibration was active when. Bytes are
                    base64, little endian (logits: float32; shares, probabilities: float64; map_ids: uint32; mask: deflated)
  models/, models.json
                    weights (safetensors) and what is known of each model
${images ? '  images/           each map as PNG on its own colour scale: black to yellow, or blue (negative) to orange\n' : ''}
Where samples have several sizes, the size stands in the names of array files. A text that a spreadsheet would run as a
formula has a ' in front in the .csv files; the .jsonl files have it as it was written.

HOW TO GO ON WITH IT
  heatproof verify --recompute FOLDER_OR_ZIP     computes the maps again from the models and inputs, and says how far they differ
  heatproof init NAME.heatproof
  heatproof import FOLDER_OR_ZIP --workspace NAME.heatproof
An empty workspace gets everything under the same ids and times, and exports the same bytes again.

HOW TO READ (Python)
  import numpy, csv
  for line in csv.DictReader(open('maps.csv')):
      values = numpy.load(line['file'], mmap_mode='r')[int(line['row'])]`
}
