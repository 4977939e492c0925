import type { FastifyInstance, FastifyReply } from 'fastify'
import { z } from 'zod'
import type { Engine } from '../../engine/api/engine.ts'
import { FigureRequest } from '../../shared/contract/figures.ts'
import { StatisticsRequest } from '../../shared/contract/statistics.ts'
import { FIGURE_FORMATS } from '../../shared/figures.ts'
import { HeatproofError } from '../../shared/errors.ts'
import { toBadArgument } from './errors.ts'

/**
 * Rows with these ids never change, so a browser may keep them. Another workspace on the same port has other rows under
 * the same addresses: `vary: cookie` keeps them apart, because every start of the server has its own token.
 */
const IMMUTABLE = { 'cache-control': 'private, max-age=31536000, immutable', vary: 'cookie' }

const FLOATS = 'application/octet-stream'

const REVIEWER = { config: { may: 'reviewer' } } as const
const LEAD = { config: { may: 'lead' } } as const

/** Arrays, images and tables as plain GETs. Whole models are a lead's to take away. */
export function addBulkData(app: FastifyInstance, { bulk }: Engine): void {
  const immutable = (
    folder: string,
    extension: string,
    type: string,
    read: (id: number) => Uint8Array | Promise<Uint8Array>,
    access: typeof REVIEWER | typeof LEAD = REVIEWER,
  ): void => {
    app.get<{ Params: { file: string } }>(`/${folder}/:file.${extension}`, access, async (request, reply) =>
      send(reply.headers(IMMUTABLE), type, await read(parseId(request.params.file))),
    )
  }
  immutable('maps', 'f32', FLOATS, bulk.mapValues)
  const many = (folder: string, read: (ids: readonly number[]) => Uint8Array | Promise<Uint8Array>): void => {
    app.get<{ Querystring: { ids?: string } }>(`/${folder}.f32`, REVIEWER, async ({ query }, reply) =>
      send(reply.header('cache-control', 'no-store'), FLOATS, await read(parseIds(query.ids))),
    )
  }
  many('maps', bulk.manyMapValues)
  many('samples', bulk.manySampleValues)
  immutable('maps', 'png', 'image/png', bulk.mapImage)
  app.get<{ Params: { a: string; b: string } }>(
    '/maps/:a/minus/:b.f32',
    REVIEWER,
    async ({ params }, reply) =>
      send(reply.headers(IMMUTABLE), FLOATS, await bulk.mapDifference(parseId(params.a), parseId(params.b))),
  )
  immutable('samples', 'f32', FLOATS, bulk.sampleValues)
  immutable('models', 'safetensors', FLOATS, bulk.modelFile, LEAD)
  for (const format of FIGURE_FORMATS) {
    app.get<{ Params: { name: string }; Querystring: { request?: string; theme?: string } }>(
      `/figures/:name.${format}`,
      REVIEWER,
      async ({ params: { name }, query, caller }, reply) => {
        const request = parseRequest(FigureRequest, { ...parseObject(query.request), name })
        const look = { theme: query.theme === 'dark' ? 'dark' : 'light' } as const
        return sendFile(reply, format, await bulk.figure(request, format, look, caller))
      },
    )
  }
  for (const format of ['csv', 'tex'] as const) {
    app.get<{ Querystring: { request?: string } }>(
      `/statistics.${format}`,
      REVIEWER,
      async ({ query, caller }, reply) => {
        const request = parseRequest(StatisticsRequest, parseObject(query.request))
        return sendFile(reply, format, await bulk.comparison(request, format, caller))
      },
    )
  }
  app.get<{ Params: { file: string } }>('/sanity/:file.csv', REVIEWER, async (request, reply) => {
    const id = parseId(request.params.file)
    return sendFile(reply, 'csv', await bulk.sanityTable(id), `sanity-check-${id}`)
  })
}

const TYPES = {
  csv: 'text/csv; charset=utf-8',
  tex: 'application/x-tex; charset=utf-8',
  png: 'image/png',
  svg: 'image/svg+xml',
} as const

/** What may be another one when it is asked for again, as a file to keep. Without a name it is the link's to give one. */
function sendFile(
  reply: FastifyReply,
  format: keyof typeof TYPES,
  content: string | Uint8Array,
  name?: string,
): FastifyReply {
  const disposition = name === undefined ? 'attachment' : `attachment; filename="${name}.${format}"`
  return reply
    .headers({ 'cache-control': 'no-store', 'content-disposition': disposition })
    .type(TYPES[format])
    .send(typeof content === 'string' ? content : Buffer.from(content))
}

function send(reply: FastifyReply, type: string, bytes: Uint8Array): FastifyReply {
  return reply.type(type).send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
}

/** A row's id from an address: digits only, so that no path can hide in it. @throws HeatproofError `not_found` */
export function parseId(text: string): number {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text)
  throw new HeatproofError('not_found', {
    found: 'an address without a number',
    expected: 'an id such as /maps/1.f32',
    advice: 'Correct the address.',
  })
}

/** Maps or samples that one request may ask for. */
const MOST_TOGETHER = 64

/** Ids with commas between them. @throws HeatproofError `not_found`, `bad_argument` when there are too many */
function parseIds(text = ''): number[] {
  const ids = text.split(',')
  if (ids.length <= MOST_TOGETHER) return ids.map(parseId)
  throw new HeatproofError('bad_argument', {
    found: `${ids.length} ids`,
    expected: `at most ${MOST_TOGETHER}`,
    advice: 'Ask for fewer at a time.',
  })
}

const RequestText = z
  .string()
  .max(20_000)
  .default('{}')
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text)
    } catch {
      context.addIssue({ code: 'custom', message: 'JSON' })
      return z.NEVER
    }
  })
  .pipe(z.record(z.string(), z.unknown()))

/** A request in an address, still to be checked. @throws HeatproofError `bad_argument` where it is no JSON object */
function parseObject(text: string | undefined): Record<string, unknown> {
  return parseRequest(RequestText, text)
}

function parseRequest<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const request = schema.safeParse(value)
  if (!request.success) throw toBadArgument(request.error, "the address's request")
  return request.data
}
