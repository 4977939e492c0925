import { z } from 'zod'
import { RpcError } from '../../shared/contract/contract.ts'
import { LOG_LEVELS } from '../log/levels.ts'

/** What the window's main process tells the engine process. */
export const ToEngine = z.discriminatedUnion('type', [
  /** The first message: which workspace to open. */
  z.object({
    type: z.literal('open'),
    workspace: z.string().min(1),
    whenMissing: z.enum(['fail', 'empty', 'sample']),
    /** Where the engine before it was, so that a page that is still open reaches this one; null: anywhere. */
    at: z.object({ port: z.int(), token: z.string().min(1) }).nullable(),
    /** Where it logs, and from which level on; null: nowhere. */
    log: z.object({ folder: z.string().min(1), level: z.enum(LOG_LEVELS) }).nullable(),
  }),
  /** The user chose this folder in a native dialog. */
  z.object({ type: z.literal('allowFolder'), folder: z.string().min(1) }),
  z.object({ type: z.literal('close') }),
])
export type ToEngine = z.infer<typeof ToEngine>

/** What the engine process answers. */
export const FromEngine = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready'), origin: z.url(), address: z.url() }),
  /** It cannot open the workspace; it ends. */
  z.object({ type: z.literal('failed'), error: RpcError }),
  /** Each second, as long as its event loop turns. */
  z.object({ type: z.literal('alive') }),
])
export type FromEngine = z.infer<typeof FromEngine>
