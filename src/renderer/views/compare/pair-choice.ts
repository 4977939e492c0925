import type { Output } from '../../../shared/contract/contract.ts'
import { PairRequest } from '../../../shared/contract/compare.ts'
import type { ModelSummary } from '../../../shared/contract/runs.ts'
import { inUsualOrder } from '../../../shared/methods.ts'

type Matrix = Pick<Output<'runs.matrix'>, 'models' | 'cells'>
type Parameters = Readonly<Record<string, string>>

/** What can be paired, and what is: two methods of a model, or two models by a method. */
export type PairChoice =
  | {
      kind: 'methods'
      models: ModelSummary[]
      model: ModelSummary
      /** Methods that the model has maps of. */
      methods: string[]
      a: string
      b: string
      request: PairRequest
    }
  | {
      kind: 'models'
      methods: string[]
      method: string
      /** Models that have maps of the method. */
      models: ModelSummary[]
      a: ModelSummary
      b: ModelSummary
      request: PairRequest
    }

/** Reads the pair that an address names; what it does not name, or what has no maps, is filled in. Null: no such pair. */
export function pairChoice(parameters: Parameters, { models, cells }: Matrix): PairChoice | null {
  const scope = { target: targetOf(parameters), queueId: queueOf(parameters) }
  const methodsOf = (model: ModelSummary) =>
    inUsualOrder(cells.filter((cell) => cell.modelId === model.id).map((cell) => cell.method))
  if (parameters['pair'] === 'models') {
    const having = (method: string) => models.filter((model) => methodsOf(model).includes(method))
    const methods = inUsualOrder(cells.map((cell) => cell.method)).filter((name) => having(name).length > 1)
    const method = named(methods, parameters['method'], String)
    if (method === undefined) return null
    const sides = twoOf(having(method), parameters, ({ id }) => String(id))
    if (sides === null) return null
    const [a, b] = sides
    const request = { a: { modelId: a.id, method }, b: { modelId: b.id, method }, ...scope }
    return { kind: 'models', methods, method, models: having(method), a, b, request }
  }
  const offered = models.filter((model) => methodsOf(model).length > 1)
  const model = named(offered, parameters['model'], ({ id }) => String(id))
  if (model === undefined) return null
  const methods = methodsOf(model)
  const sides = twoOf(methods, parameters, String)
  if (sides === null) return null
  const [a, b] = sides
  const request = { a: { modelId: model.id, method: a }, b: { modelId: model.id, method: b }, ...scope }
  return { kind: 'methods', models: offered, model, methods, a, b, request }
}

/** Which class the maps of a pair explain. */
function targetOf({ target }: Parameters): PairRequest['target'] {
  const parsed = PairRequest.shape.target.safeParse(/^\d+$/.test(target ?? '') ? Number(target) : target)
  return parsed.success ? parsed.data : 'label'
}

/** The queue that the pairs are restricted to; the address may also just remember one. */
function queueOf({ over, queue }: Parameters): number | null {
  return over === 'queue' && /^[1-9]\d*$/.test(queue ?? '') ? Number(queue) : null
}

/** The thing with this name, else the first. */
function named<Thing>(things: readonly Thing[], name: string | undefined, nameOf: (thing: Thing) => string) {
  return things.find((thing) => nameOf(thing) === name) ?? things[0]
}

/** The things that `a` and `b` name, or the first others; never the same one twice. */
function twoOf<Thing>(
  things: readonly Thing[],
  { a, b }: Parameters,
  nameOf: (thing: Thing) => string,
): [Thing, Thing] | null {
  const wantedB = things.find((thing) => nameOf(thing) === b)
  const others = things.filter((thing) => thing !== wantedB)
  const first = named(a === undefined ? others : things, a, nameOf)
  const second = named(
    things.filter((thing) => thing !== first),
    b,
    nameOf,
  )
  return first === undefined || second === undefined ? null : [first, second]
}
