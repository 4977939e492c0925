import { resolve } from 'node:path'
import { Command } from 'commander'
import type { AnySetManifest } from '../../engine/exchange/audited-set-manifest.ts'
import { verifyAuditedSet, type Verification } from '../../engine/exchange/audited-set-verify.ts'
import { Hash } from '../../shared/contract/common.ts'
import { HeatproofError } from '../../shared/errors.ts'
import type { BackendName } from '../../shared/names.ts'
import {
  printRecomputed,
  recomputeSet,
  requireSameMaps,
  type RecomputedSet,
} from '../command-support/recompute-set.ts'
import { backendOption, wholeNumber } from '../options.ts'

interface VerifyOptions {
  manifestSha256?: string
  recompute?: true
  sample?: number
  backend: BackendName | 'auto'
  json?: true
}

/** `heatproof verify`: whether an audited set is as it was written, and what differs. Needs no workspace. */
export function verifyCommand(print: (text: string) => void = console.log): Command {
  return new Command('verify')
    .description('compare an audited set, a folder or zip, with its manifest and name every difference')
    .argument('<set>', 'the folder or zip that an export has made')
    .option(
      '--manifest-sha256 <hash>',
      'SHA-256 that manifest.json must have, as the export showed it; without it nobody can tell whether a file and the ' +
        'manifest were replaced together',
      hash,
    )
    .option(
      '--recompute',
      'also compute the maps again from the models and inputs of the set, and say how much they differ',
    )
    .option(
      '--sample <count>',
      'with --recompute: at most so many maps of each model and method, spread evenly',
      wholeNumber('--sample', 1, 1_000_000),
    )
    .addOption(backendOption())
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExits with 1 when something differs, with 2 when it is no audited set. Maps that are computed again may differ by 1e-4 of the largest ' +
        'value of the map: backends round differently. Imported maps, and maps of networks that the set does not have, cannot be computed.\n' +
        'Examples:\n  heatproof verify audited\n  heatproof verify audited --recompute --sample 50',
    )
    .action(async (set: string, options: VerifyOptions) => {
      const { manifestSha256, recompute, sample, json } = options
      if (sample !== undefined && !recompute) throw sampleAlone(sample)
      const path = resolve(set)
      const verification = await verifyAuditedSet(path, manifestSha256)
      if (!json || !recompute) print(json ? printJson(path, verification) : printReport(path, verification))
      requireEqual(path, verification)
      if (!recompute) return
      const again = await recomputeSet(path, verification.manifest, options)
      print(json ? printJson(path, { ...verification, recomputed: again }) : printRecomputed(again))
      requireSameMaps(path, again.maps)
    })
}

function sampleAlone(sample: number): HeatproofError {
  return new HeatproofError('bad_argument', {
    found: `--sample ${sample} without --recompute`,
    expected: 'both, or neither',
    advice: 'The comparison with the manifest reads every file.',
  })
}

function hash(text: string): string {
  const parsed = Hash.safeParse(text.toLowerCase())
  if (parsed.success) return parsed.data
  throw new HeatproofError('bad_argument', {
    found: `--manifest-sha256 ${text}`,
    expected: '64 hexadecimal digits',
    advice: 'Copy the hash from the list of exports, or from what `heatproof export` printed.',
  })
}

function printJson(
  path: string,
  { manifest, ...verification }: Verification & { recomputed?: RecomputedSet },
): string {
  const { formatVersion, name, createdBy, counts } = manifest
  const head = { path, formatVersion, name, createdBy, ...timeOf(manifest), counts }
  return JSON.stringify({ ...head, ...verification }, null, 2)
}

function printReport(path: string, { manifest, manifestSha256, files, differences }: Verification): string {
  const { name, createdBy, counts } = manifest
  const time =
    manifest.formatVersion === 1 ? `at ${manifest.createdAt}` : `with content until ${manifest.contentUntil}`
  const head = [
    `${name}, written for ${createdBy} ${time}: ${counts.maps} maps, ${counts.verdicts} verdicts, ${files} files`,
    `SHA-256 of the manifest: ${manifestSha256}`,
  ]
  if (differences.length === 0) return [...head, `${path} is as it was written.`].join('\n')
  const lines = differences.flatMap((difference) => [
    `${difference.problem.padEnd(8)} ${difference.path}`,
    `         found    ${difference.found}`,
    `         expected ${difference.expected}`,
  ])
  return [...head, ...lines].join('\n')
}

/** Sets of version 1 say when they were written, later ones when the latest of their content was made. */
function timeOf(manifest: AnySetManifest): object {
  return manifest.formatVersion === 1
    ? { createdAt: manifest.createdAt }
    : { contentUntil: manifest.contentUntil }
}

function requireEqual(path: string, { differences }: Verification): void {
  if (differences.length === 0) return
  const count = differences.length === 1 ? 'one difference' : `${differences.length} differences`
  throw new HeatproofError('verification_failed', {
    found: `${count} in ${path}`,
    expected: 'every file as the manifest lists it, and no other',
    advice: 'Do not rely on this copy: get the set again, or export it anew.',
  })
}
