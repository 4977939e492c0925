import type { Target } from '../../../shared/contract/runs.ts'
import { HeatproofError } from '../../../shared/errors.ts'
import { canonicalMethod } from '../../../shared/methods.ts'
import { sha256 } from '../sha256.ts'
import { badFile } from '../bad-input.ts'
import { rangeOf } from './array-plan.ts'
import type { MapsPlan } from './opened-maps.ts'
import type { VirelayFindings } from './virelay-examination.ts'
import type { VirelayMethod, VirelaySet } from './virelay-set.ts'

/** What projects are taken for, once their values are known. */
export interface VirelayPlan extends MapsPlan {
  /** What becomes -1 and 1. */
  range: readonly [low: number, high: number]
  /** Channels that are stored. */
  channels: number
  /** Inputs as they are stored, from those in the file. */
  inputs: (values: Float32Array) => Float32Array
  /** Their smallest and largest values. */
  maps: { low: number; high: number }[]
}

/** @throws HeatproofError `bad_argument`, `bad_file` */
export function virelayPlan(set: VirelaySet, found: VirelayFindings): VirelayPlan {
  const { said, projects, frame } = set
  const [first] = projects
  const range = rangeOf(said.inputRange, found.inputs)
  const channels = found.isGrey ? 1 : frame.channels
  return {
    ...{ range, channels, maps: found.maps, tool: said.tool ?? null },
    name: (said.name ?? first?.dataset.name ?? '').slice(0, 120),
    model: (said.model ?? first?.model ?? '').slice(0, 120),
    inputs: (values) => {
      const own = found.isGrey ? values.filter((_, index) => index % frame.channels === 0) : values
      return inRange(own, range)
    },
    inputsSha256: sha256(JSON.stringify([found.inputsSha256, range, channels])),
    methods: methodsOf(set, found),
    target: targetOf(set, found),
    classNames: namesOf(set, found),
    warnings: warningsOf(set),
  }
}

/** Values of the range as values in [-1, 1]. */
function inRange(values: Float32Array, [low, high]: readonly [number, number]): Float32Array {
  if (low === -1 && high === 1) return values
  return values.map((value) => ((value - low) / (high - low)) * 2 - 1)
}

/** The longest name of an imported method. */
const LONGEST_NAME = 40

/** One a project. @throws HeatproofError `bad_file` where two have the same */
function methodsOf({ projects, path }: VirelaySet, { maps }: VirelayFindings): string[] {
  const names = projects.map(({ method, name }) => {
    const own = methodName(method)
    return own === '' ? methodName(name) || 'unnamed' : own
  })
  const twice = names.findIndex((name, index) => names.indexOf(name) < index)
  if (twice >= 0) {
    throw badFile({
      ...{ source: path, found: `two projects of the method '${names[twice] ?? ''}'` },
      expected: 'one project for each method',
      advice: 'Move one of them into another folder, and import it under another --model.',
    })
  }
  return names.map((name, index) =>
    canonicalMethod(`import:${name}:${(maps[index]?.low ?? 0) < 0 ? 'signed' : 'positive'}`),
  )
}

/** A name that a method can have: what else stands in it becomes a dash. */
function methodName(text: string): string {
  return text
    .replaceAll(/[^A-Za-z0-9._+-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, LONGEST_NAME)
    .replace(/-+$/, '')
}

const LABEL = ['true_label', 'true']
const PREDICTED = ['predicted_label', 'predicted', 'model']

/** @throws HeatproofError `bad_file` where projects explain different classes */
function targetOf(set: VirelaySet, found: VirelayFindings): Target {
  const targets = set.methods.map((method) => targetOfMethod(method, set, found))
  const [first = 'label'] = targets
  const other = targets.findIndex((target) => target !== first)
  if (other < 0) return first
  throw badFile({
    source: set.methods[other]?.project.file ?? set.path,
    found: `maps of the class '${targets[other] ?? ''}'`,
    expected: `maps of the class '${first}', as in ${set.methods[0]?.project.file ?? ''}`,
    advice: 'Import projects that explain other classes one by one.',
  })
}

function targetOfMethod({ project, places }: VirelayMethod, set: VirelaySet, found: VirelayFindings): Target {
  const { strategy } = project
  if (LABEL.includes(strategy)) return 'label'
  if (PREDICTED.includes(strategy)) return 'predicted'
  if (/^\d{1,5}$/.test(strategy)) return Number(strategy)
  if (set.said.explains !== undefined) return set.said.explains
  const explained = set.members.slice(0, found.count).map((member) => {
    const place = places.get(member)
    return place?.file.labels?.[place.row]
  })
  const follows = (rule: readonly (number | undefined)[]) =>
    explained.every((value, index) => value === rule[index])
  if (follows(set.labels)) return 'label'
  if (follows(found.predicted)) return 'predicted'
  const [first] = explained
  if (first !== undefined && explained.every((value) => value === first)) return first
  throw badFile({
    ...{ source: project.file, found: `the attribution strategy '${strategy}'` },
    expected: 'true_label, predicted_label, or the number of a class',
    advice: 'Say which class the maps explain with --explains.',
  })
}

/** @throws HeatproofError `bad_argument` where a class has no name that the user said */
function namesOf(
  { said, classNames, labels }: VirelaySet,
  { predicted }: VirelayFindings,
): string[] | undefined {
  if (classNames === undefined) return undefined
  const most = [...labels, ...predicted].reduce((largest, value) => Math.max(largest, value), 0)
  if (most < classNames.length) return classNames
  if (said.classNames === undefined) {
    return Array.from({ length: most + 1 }, (_, index) => classNames[index] ?? String(index))
  }
  throw new HeatproofError('bad_argument', {
    found: `${classNames.length} names for classes up to ${most}`,
    expected: `a name for each class from 0 to ${most}`,
    advice: 'Name every class, or none.',
  })
}

function warningsOf({ inputs, members }: VirelaySet): string[] {
  const without = inputs.count - members.length
  return [
    'Projects of ViRelAy have no regions: the maps can be reviewed, and only their Gini and entropy are scored.',
    ...(without > 0 ? [`${without} of ${inputs.count} inputs have no map and stay out.`] : []),
  ]
}
