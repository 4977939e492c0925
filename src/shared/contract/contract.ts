import { z } from 'zod'
import { ERROR_CODES } from '../errors.ts'
import { calibrationContract } from './calibration.ts'
import { compareContract } from './compare.ts'
import { exportsContract } from './exports.ts'
import { figuresContract } from './figures.ts'
import { groupsContract } from './groups.ts'
import { importsContract } from './imports.ts'
import { jobsContract } from './jobs.ts'
import { reviewContract } from './review.ts'
import { reviewersContract, type Caller } from './reviewers.ts'
import { runsContract } from './runs.ts'
import { sanityContract } from './sanity.ts'
import { setsContract } from './sets.ts'
import { statisticsContract } from './statistics.ts'
import { workspaceContract } from './workspace.ts'
import { Job } from './jobs.ts'

/**
 * Every procedure of the engine, by name. `POST /rpc/NAME` with the input as JSON answers `{ok: true, value}` or
 * `{ok: false, error}`; both sides validate with these schemas.
 *
 * Bulk data are plain GETs, immutable and cacheable: `/maps/ID.f32` and `/samples/ID.f32` (float32, little endian, rows
 * x columns), `/maps/ID/minus/ID.f32` (their difference), `/maps/ID.png`, `/models/ID.safetensors`. Figures and tables:
 * `/figures/NAME.csv?request=JSON` (`.png`, `.svg`), `/statistics.csv?request=JSON` (`.tex`), `/sanity/ID.csv`.
 */
export const contract = {
  ...workspaceContract,
  ...reviewersContract,
  ...jobsContract,
  ...runsContract,
  ...setsContract,
  ...reviewContract,
  ...groupsContract,
  ...compareContract,
  ...calibrationContract,
  ...figuresContract,
  ...statisticsContract,
  ...exportsContract,
  ...importsContract,
  ...sanityContract,
}

export type Contract = typeof contract
export type ProcedureName = keyof Contract
/** What a caller passes: defaults may be left out. */
export type CallInput<Name extends ProcedureName> = z.input<Contract[Name]['input']>
/** What a handler gets: validated, defaults filled in. */
export type HandlerInput<Name extends ProcedureName> = z.output<Contract[Name]['input']>
export type Output<Name extends ProcedureName> = z.output<Contract[Name]['output']>

/** A set of handlers, e.g. those of one domain. Who calls: without a word, the owner. */
export type Handlers<Names extends ProcedureName> = {
  [Name in Names]: (input: HandlerInput<Name>, caller?: Caller) => Output<Name> | Promise<Output<Name>>
}

export const RpcError = z.object({
  code: z.enum(ERROR_CODES),
  message: z.string(),
  found: z.string(),
  expected: z.string(),
  advice: z.string(),
})
export type RpcError = z.infer<typeof RpcError>

/** Sent over the WebSocket at `/events`. */
export const EngineEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('job'), job: Job }),
  /** How far the request with this id is, where its caller gave it one. */
  z.object({ type: z.literal('progress'), requestId: z.uuid(), done: z.int(), total: z.int() }),
  /** Tables whose rows changed, so that screens that show them ask again. */
  z.object({
    type: z.literal('changed'),
    what: z.array(
      z.enum([
        'workspace',
        'reviewers',
        'models',
        'runs',
        'maps',
        'verdicts',
        'calibrations',
        'exports',
        'imports',
        'jobs',
        'checks',
        'filters',
        /** Maps were taken out of queues. */
        'queues',
      ]),
    ),
  }),
])
export type EngineEvent = z.infer<typeof EngineEvent>
