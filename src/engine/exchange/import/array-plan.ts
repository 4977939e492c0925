import type { ImportOptions } from '../../../shared/contract/imports.ts'
import type { Target } from '../../../shared/contract/runs.ts'
import { HeatproofError } from '../../../shared/errors.ts'
import { imagesAlone, LAYOUT_TITLES } from '../../../shared/imports.ts'
import { canonicalMethod } from '../../../shared/methods.ts'
import { formatCount, formatValue, plural } from '../../../shared/units.ts'
import { sha256 } from '../sha256.ts'
import type { Examination, MapValuesFacts } from './array-examination.ts'
import type { MapsPlan } from './opened-maps.ts'
import { defaultName, type ArrayMaps, type ArraySet } from './array-set.ts'

/** What arrays are taken for, once their values are known. */
export interface ArrayPlan extends MapsPlan {
  /** What becomes -1 and 1. */
  range: readonly [low: number, high: number]
  /** Smallest and largest values of the maps of each method. */
  maps: readonly { low: number; high: number }[]
}

/** @throws HeatproofError `bad_argument` (a range or class names that do not fit), `bad_file` (explained classes that follow no rule) */
export function planOf(set: ArraySet, examined: Examination): ArrayPlan {
  const { said } = set
  const range = rangeOf(said.inputRange, examined.inputs)
  requireNames(set, examined)
  return {
    name: said.name ?? defaultName(set.path),
    model: said.model ?? defaultName(set.path),
    tool: said.tool ?? null,
    range,
    inputsSha256: sha256(JSON.stringify([examined.inputsSha256, range])),
    methods: set.maps.map((maps, index) => {
      const isSigned = (examined.maps[index]?.low ?? 0) < 0
      return canonicalMethod(
        `import:${maps.name}:${isSigned || maps.sign === 'signed' ? 'signed' : 'positive'}`,
      )
    }),
    target: targetOf(set, examined),
    warnings: warningsOf(set, examined, range),
    classNames: said.classNames,
    maps: examined.maps,
  }
}

const USUAL_RANGES = [
  [-1, 1],
  [0, 1],
  [0, 255],
] as const

/** The usual range that the values fit best, or their own. @throws HeatproofError `bad_argument`: values outside of the stated one */
export function rangeOf(
  stated: ImportOptions['inputRange'],
  { low, high }: { low: number; high: number },
): readonly [number, number] {
  if (stated !== undefined) {
    if (low >= stated[0] && high <= stated[1]) return stated
    throw new HeatproofError('bad_argument', {
      found: `inputs from ${low} to ${high}, which are said to be in [${stated.join(', ')}]`,
      expected: 'a range that holds every value',
      advice: 'Correct the range, or leave it out.',
    })
  }
  const usual = USUAL_RANGES.find(([from, to]) => low >= from && high <= to && !(from < 0 && low >= 0))
  return usual ?? [low, low === high ? low + 1 : high]
}

/** @throws HeatproofError `bad_argument` where a class has no name */
function requireNames(
  { said: { classNames }, labels, explained = [], logits }: ArraySet,
  { predicted }: Examination,
): void {
  if (classNames === undefined) return
  const most = Math.max((logits?.classes ?? 0) - 1, ...[labels, predicted, explained].map(largest))
  if (most < classNames.length) return
  throw new HeatproofError('bad_argument', {
    found: `${plural(classNames.length, 'name')} for classes up to ${most}`,
    expected: `a name for each class from 0 to ${most}`,
    advice: 'Name every class, or none.',
  })
}

function largest(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, value), 0)
}

/** Which class the maps explain, as one rule. @throws HeatproofError `bad_file` */
function targetOf(
  { said, explained, labels, path, files }: ArraySet,
  { predicted, count }: Examination,
): Target {
  if (explained === undefined) return said.explains ?? 'label'
  const own = explained.slice(0, count)
  const follows = (rule: readonly (number | undefined)[]) => own.every((value, row) => value === rule[row])
  if (follows(labels)) return 'label'
  if (follows(predicted)) return 'predicted'
  const [first = 0] = own
  const other = own.findIndex((value) => value !== first)
  if (other < 0) return first
  const row = own.findIndex((value, index) => value !== labels[index] && value !== predicted[index])
  throw new HeatproofError('bad_file', {
    found: `class ${own[row < 0 ? other : row] ?? ''} in row ${row < 0 ? other : row} of ${path}: ${files.arrays.explained?.path ?? ''}`,
    expected: 'one rule for all rows: the label, the prediction, or one and the same class',
    advice: 'Import maps of other classes as sets of their own, one for each rule.',
  })
}

function warningsOf(set: ArraySet, examined: Examination, [low, high]: readonly [number, number]): string[] {
  const { files, said, maps, labels } = set
  const { count, predicted, otherPrediction } = examined
  const warnings = set.maps.flatMap((own, index) => {
    const facts = examined.maps[index]
    return facts === undefined ? [] : mapWarnings(own, facts, count)
  })
  if (said.inputRange === undefined && !USUAL_RANGES.some(([from, to]) => from === low && to === high)) {
    warnings.push(
      `The inputs go from ${formatValue(low)} to ${formatValue(high)}, which is no usual range: these two become black and white. Say another range with --input-range.`,
    )
  }
  if (otherPrediction > 0) {
    warnings.push(
      `${plural(otherPrediction, 'prediction')} of ${formatCount(count)} are not the class of the largest logit; the predictions count.`,
    )
  }
  const right = predicted.filter((value, row) => value === labels[row]).length
  if (maps.length > 0 && count >= 20 && right < 0.2 * count) {
    warnings.push(
      `Only ${formatCount(right)} of ${formatCount(count)} predictions are the label: are both of the same samples, in one order?`,
    )
  }
  if (set.regions === undefined) {
    warnings.push(
      `Without regions nothing says where evidence is: ${maps.length > 0 ? 'the maps' : 'maps of these images'} can be reviewed, and only their Gini and entropy are scored.`,
    )
  }
  if (files.unknown.length > 0) {
    const some = files.unknown.slice(0, 3).join(', ')
    warnings.push(
      `Not read: ${some}${files.unknown.length > 3 ? ` and ${files.unknown.length - 3} more` : ''}.`,
    )
  }
  if (maps.some(({ layout }) => layout === 'nwh') && said.mapLayout === undefined) {
    warnings.push('Maps have rows and columns the other way round than the inputs, and are turned.')
  }
  return warnings
}

function mapWarnings({ name, reader, sign }: ArrayMaps, facts: MapValuesFacts, count: number): string[] {
  const { low, high, isWhole, empty, likeness } = facts
  const warnings: string[] = []
  if (isWhole && low >= 0 && high > 1 && high <= 255) {
    warnings.push(
      `${name}: whole numbers from ${low} to ${high} (${reader.dtype}), as a picture has. Is it the relevance?`,
    )
  }
  if (sign === 'positive' && low < 0) {
    warnings.push(
      `${name} is said to hold no negative values and goes down to ${formatValue(low)}: it is taken as signed.`,
    )
  }
  if (empty > 0)
    warnings.push(
      `${name}: ${plural(empty, 'map')} of ${formatCount(count)} ${empty === 1 ? 'is' : 'are'} 0 everywhere.`,
    )
  if (likeness !== null && likeness.turned > 0.2 && likeness.turned > likeness.straight + 0.1) {
    warnings.push(
      `${name} resembles the inputs more with rows and columns exchanged: if so, say --map-layout nwh.`,
    )
  }
  return warnings
}

/** What was found, for people. */
export function factsOf(set: ArraySet, plan: ArrayPlan, lookedAt: number): { name: string; value: string }[] {
  const { frame, inputs, maps, said } = set
  const shapeOf = ({ reader }: { reader: { dtype: string; shape: readonly number[] } }) =>
    `[${reader.shape.join(', ')}] ${reader.dtype}`
  const part = lookedAt < frame.count ? ` (of the first ${formatCount(lookedAt)})` : ''
  return [
    { name: 'name', value: plan.name },
    maps.length > 0
      ? { name: 'model', value: plan.model }
      : { name: 'images without maps', value: imagesAlone(frame.count) },
    {
      name: 'inputs',
      value: `${shapeOf(inputs)}, taken as ${LAYOUT_TITLES[inputs.layout]}; ${plan.range[0]} is black and ${plan.range[1]} white${part}`,
    },
    ...maps.map((own, index) => ({
      name: plan.methods[index] ?? own.name,
      value: `${shapeOf(own)}, taken as ${LAYOUT_TITLES[own.layout]}${own.channels > 1 ? ', summed over the channels' : ''}; from ${formatValue(plan.maps[index]?.low)} to ${formatValue(plan.maps[index]?.high)}${part}`,
    })),
    ...(maps.length > 0
      ? [
          {
            name: 'explained class',
            value: typeof plan.target === 'number' ? `class ${plan.target}` : plan.target,
          },
        ]
      : []),
    { name: 'regions', value: set.regions?.file ?? 'none' },
    ...(said.classNames ? [{ name: 'classes', value: said.classNames.join(', ') }] : []),
    ...(plan.tool === null ? [] : [{ name: 'tool', value: plan.tool }]),
  ]
}
