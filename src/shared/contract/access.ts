import type { HandlerInput, ProcedureName } from './contract.ts'
import { STANDINGS, type Standing } from './reviewers.ts'

/** Fields of inputs that say in whose name something is done. */
type NamingField = 'reviewer' | 'createdBy' | 'by' | 'asked'

interface AccessRow<Name extends ProcedureName> {
  /** The least that a caller must be. */
  may: Standing
  /** Whom the input names; whoever has a name of their own may name nobody else. */
  as?: (input: HandlerInput<Name>) => string | null | undefined
}

/** A procedure whose input names somebody must say where. */
type Row<Name extends ProcedureName> = AccessRow<Name> &
  (Extract<keyof HandlerInput<Name>, NamingField> extends never
    ? unknown
    : Required<Pick<AccessRow<Name>, 'as'>>)

const REVIEWER = { may: 'reviewer' } as const
const LEAD = { may: 'lead' } as const

/** Who may call what over HTTP. A procedure without a row does not compile. */
export const ACCESS: { readonly [Name in ProcedureName]: Row<Name> } = {
  'workspace.summary': REVIEWER,
  'workspace.setReviewer': { may: 'owner' },
  'workspace.openSample': LEAD,

  'reviewers.list': LEAD,
  'reviewers.add': LEAD,
  'reviewers.setRole': LEAD,
  'reviewers.renew': LEAD,
  'reviewers.remove': LEAD,

  'jobs.list': REVIEWER,
  'jobs.get': REVIEWER,
  'jobs.cancel': LEAD,
  'jobs.resume': LEAD,

  'runs.matrix': REVIEWER,
  'runs.list': REVIEWER,
  'runs.get': REVIEWER,
  'runs.estimate': REVIEWER,
  'runs.start': LEAD,
  'runs.inputs': REVIEWER,
  'runs.estimateOnSet': REVIEWER,
  'runs.startOnSet': LEAD,
  'runs.removal': LEAD,
  'runs.remove': LEAD,
  'runs.score': LEAD,
  'sets.list': REVIEWER,
  'sets.removal': LEAD,
  'sets.remove': LEAD,

  'models.list': REVIEWER,
  'models.shipped': REVIEWER,
  'models.addShipped': LEAD,
  'models.train': LEAD,
  'models.curve': REVIEWER,
  'models.import': LEAD,
  'models.inspect': LEAD,

  'review.facets': REVIEWER,
  'review.filters': REVIEWER,
  'review.saveFilter': REVIEWER,
  'review.removeFilter': REVIEWER,
  'review.createQueue': { may: 'reviewer', as: ({ reviewer }) => reviewer },
  'review.queue': REVIEWER,
  'review.place': { may: 'reviewer', as: ({ reviewer }) => reviewer },
  'review.setPlace': { may: 'reviewer', as: ({ reviewer }) => reviewer },
  'review.items': { may: 'reviewer', as: ({ reviewer }) => reviewer },
  'review.position': REVIEWER,
  'review.item': { may: 'reviewer', as: ({ asked }) => asked?.reviewer },
  'review.details': { may: 'reviewer', as: ({ asked }) => asked?.reviewer },
  'review.scales': REVIEWER,
  'review.decideQueue': { may: 'reviewer', as: ({ reviewer }) => reviewer },
  'review.decided': { may: 'reviewer', as: ({ reviewer }) => reviewer },
  'review.tests': { may: 'reviewer', as: ({ reviewer }) => reviewer },
  'review.decide': { may: 'reviewer', as: ({ reviewer }) => reviewer },
  'review.undo': { may: 'reviewer', as: ({ reviewer }) => reviewer },
  'review.redo': { may: 'reviewer', as: ({ reviewer }) => reviewer },

  'groups.sources': REVIEWER,
  'groups.form': { may: 'reviewer', as: ({ reviewer }) => reviewer },
  'groups.places': REVIEWER,
  'groups.cancel': REVIEWER,
  'groups.items': { may: 'reviewer', as: ({ reviewer }) => reviewer },
  'groups.decide': { may: 'reviewer', as: ({ reviewer }) => reviewer },

  'compare.sequence': { may: 'reviewer', as: ({ reviewer }) => reviewer },
  'compare.pairs': REVIEWER,
  'compare.agreement': REVIEWER,
  'compare.summary': REVIEWER,

  'calibration.counts': REVIEWER,
  'calibration.fit': REVIEWER,
  'calibration.save': { may: 'lead', as: ({ createdBy }) => createdBy },
  'calibration.cancel': REVIEWER,
  'calibration.list': REVIEWER,
  'calibration.newer': REVIEWER,
  'calibration.reproduce': REVIEWER,
  'calibration.compare': REVIEWER,
  'calibration.preview': REVIEWER,
  'calibration.agreement': REVIEWER,
  'calibration.activate': { may: 'lead', as: ({ by }) => by },
  'calibration.undo': { may: 'lead', as: ({ by }) => by },

  'figures.draw': REVIEWER,
  'figures.statistics': REVIEWER,

  'exports.preview': LEAD,
  'exports.start': { may: 'lead', as: ({ createdBy }) => createdBy },
  'exports.list': LEAD,
  'exports.verify': LEAD,

  'imports.candidates': LEAD,
  'imports.inspect': { may: 'lead', as: ({ createdBy }) => createdBy },
  'imports.start': { may: 'lead', as: ({ createdBy }) => createdBy },
  'imports.list': LEAD,

  'sanity.start': LEAD,
  'sanity.list': REVIEWER,
  'sanity.get': REVIEWER,
}

/** Whether somebody of this standing may do what needs at least that one. */
export function isAtLeast(standing: Standing, needed: Standing): boolean {
  return STANDINGS.indexOf(standing) >= STANDINGS.indexOf(needed)
}

/** Whom an input names; absent or null: nobody. */
export function namedIn<Name extends ProcedureName>(
  name: Name,
  input: HandlerInput<Name>,
): string | null | undefined {
  const row: AccessRow<Name> = ACCESS[name]
  return row.as?.(input)
}
