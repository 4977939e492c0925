import { relative } from 'node:path'
import { formatCount, formatValue } from '../../../shared/units.ts'
import { sha256OfFile } from '../sha256.ts'
import type { ImportFormat } from './import-format.ts'
import type { ImportedBatch } from './imported-maps.ts'
import { openedMaps, targetsOf } from './opened-maps.ts'
import { analysisRows, type VirelayAnalysis } from './virelay-analyses.ts'
import { examineVirelay, imageRows, largestOf, logitRows, relevanceRows } from './virelay-examination.ts'
import { virelayPlan, type VirelayPlan } from './virelay-plan.ts'
import { virelayProjectFiles } from './virelay-project.ts'
import { openVirelaySet, type VirelaySet } from './virelay-set.ts'
import { nameOf } from './virelay-values.ts'

/** Projects of ViRelAy: a project file, or a folder with those of one model and data set. */
export const virelayFormat: ImportFormat = {
  name: 'virelay',
  detect: async (path) => (await virelayProjectFiles(path)).length > 0,
  async open(path, options) {
    const set = await openVirelaySet(path, options)
    return openedMaps({
      count: set.members.length,
      methods: set.methods.length,
      planOf: async (most, watch) => virelayPlan(set, await examineVirelay(set, most, watch)),
      factsOf: (plan) => factsOf(set, plan),
      batchOf: (plan, first, count) => batchOf(set, plan, first, count),
      analyses: {
        analyses: set.analyses,
        analysisRows: (first, count) => analysisRows(set, first, count),
      },
      hashes: () => hashesOf(set),
      close() {
        set.close()
        return Promise.resolve()
      },
    })
  },
}

async function hashesOf({ path, files }: VirelaySet): Promise<{ name: string; sha256: string }[]> {
  const hashes: { name: string; sha256: string }[] = []
  for (const file of files)
    hashes.push({ name: relative(path, file) || file, sha256: await sha256OfFile(file) })
  return hashes
}

function batchOf(set: VirelaySet, plan: VirelayPlan, first: number, count: number): ImportedBatch {
  const { rows, columns } = set.frame
  const { channels } = plan
  const images = plan.inputs(imageRows(set, first, count))
  const part = (values: Float32Array, index: number, size: number) =>
    values.slice(index * size, (index + 1) * size)
  const predictions = logitRows(set, first, count).map((logits) => ({ predicted: largestOf(logits), logits }))
  return {
    predictions,
    maps: set.methods.map((method) => {
      const values = relevanceRows(set, method, first, count)
      return predictions.map((_, index) => part(values, index, rows * columns))
    }),
    targets: targetsOf(plan, set.labels.slice(first, first + count), predictions),
    samples: predictions.map((_, index) => ({
      ...{ rows, columns, channels, position: first + index, label: set.labels[first + index] ?? 0 },
      input: part(images, index, rows * columns * channels),
      provenance: {
        sequence: set.members[first + index] ?? 0,
        images: [],
        ...(set.inputs.keys && { name: nameOf(set, first + index) }),
      },
      regions: [],
    })),
  }
}

function factsOf(set: VirelaySet, plan: VirelayPlan): { name: string; value: string }[] {
  const { inputs, frame, members, methods } = set
  const grey = plan.channels < frame.channels ? ', grey' : ''
  return [
    { name: 'name', value: plan.name },
    { name: 'model', value: plan.model },
    {
      name: 'inputs',
      value: `${formatCount(members.length)} of ${formatCount(inputs.count)}, ${frame.rows} x ${frame.columns} x ${frame.channels}${grey}; ${plan.range[0]} is black and ${plan.range[1]} white`,
    },
    ...methods.map(({ project }, index) => ({
      name: plan.methods[index] ?? project.method,
      value: `${project.name}; from ${formatValue(plan.maps[index]?.low)} to ${formatValue(plan.maps[index]?.high)}`,
    })),
    {
      name: 'explained class',
      value: typeof plan.target === 'number' ? `class ${plan.target}` : plan.target,
    },
    ...(plan.classNames ? [{ name: 'classes', value: plan.classNames.join(', ') }] : []),
    ...analysesOfKind(set, 'clustering', 'clusterings'),
    ...analysesOfKind(set, 'embedding', 'embeddings'),
    ...(plan.tool === null ? [] : [{ name: 'tool', value: plan.tool }]),
  ]
}

/** The most analyses whose names are listed. */
const LISTED = 6

function analysesOfKind(
  { analyses }: VirelaySet,
  kind: VirelayAnalysis['kind'],
  name: string,
): { name: string; value: string }[] {
  const own = analyses.filter((analysis) => analysis.kind === kind)
  if (own.length === 0) return []
  const listed = own
    .slice(0, LISTED)
    .map((analysis) =>
      kind === 'clustering' ? analysis.name : `${analysis.name} (${analysis.dimensions}-D)`,
    )
  const more = own.length > LISTED ? `, and ${formatCount(own.length - LISTED)} more` : ''
  return [{ name, value: `${listed.join(', ')}${more}` }]
}
