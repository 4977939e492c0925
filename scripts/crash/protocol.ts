import { z } from 'zod'

export const SCENES = ['verdicts', 'run', 'migration', 'backup', 'export', 'import'] as const
export type SceneName = (typeof SCENES)[number]

/** What the process that is killed prints, a line each. What it has acknowledged must be there for ever. */
export const Line = z.discriminatedUnion('type', [
  /** From now on the kill may come. */
  z.object({ type: z.literal('ready') }),
  /** A verdict is on its way; sent again with the same id it is stored once. */
  z.object({ type: z.literal('sending'), requestId: z.string(), mapIds: z.array(z.int()) }),
  z.object({
    type: z.literal('verdicts'),
    rows: z.array(z.object({ id: z.int(), mapId: z.int(), verdict: z.string() })),
  }),
  z.object({ type: z.literal('maps'), count: z.int() }),
  z.object({ type: z.literal('backup'), path: z.string() }),
  z.object({ type: z.literal('export'), path: z.string() }),
  /** So many imports are whole. */
  z.object({ type: z.literal('import'), count: z.int() }),
  z.object({ type: z.literal('migrated') }),
])
export type Line = z.infer<typeof Line>

/** A verdict that was sent and not acknowledged. */
export type Unanswered = Extract<Line, { type: 'sending' }>
