import { z } from 'zod'
import type { RawVerdict } from './verdict-rows.ts'

const PERCENT = 100

const Result = z.looseObject({
  from_name: z.string().optional(),
  type: z.string().optional(),
  value: z
    .looseObject({
      choices: z.array(z.string()).optional(),
      text: z.union([z.string(), z.array(z.string())]).optional(),
      rectanglelabels: z.array(z.string()).optional(),
      x: z.number().optional(),
      y: z.number().optional(),
      width: z.number().optional(),
      height: z.number().optional(),
    })
    .optional(),
  meta: z.looseObject({ text: z.union([z.string(), z.array(z.string())]).optional() }).optional(),
})
type Result = z.infer<typeof Result>

const Person = z.union([
  z.int(),
  z.string(),
  z.looseObject({ id: z.int().optional(), email: z.string().optional() }),
])

const Annotation = z.looseObject({
  result: z.array(Result),
  completed_by: Person.nullish(),
  created_at: z.string().optional(),
  was_cancelled: z.boolean().optional(),
})
type Annotation = z.infer<typeof Annotation>

/** What Label Studio exports as JSON, as far as verdicts are concerned. */
export const LabelStudioTasks = z.array(
  z.looseObject({
    data: z.looseObject({
      map_id: z.unknown().optional(),
      sample_id: z.unknown().optional(),
      model: z.unknown().optional(),
      method: z.unknown().optional(),
    }),
    annotations: z.array(Annotation).default([]),
  }),
)

/** The annotations of tasks that an export of this program made; skipped tasks and empty annotations say nothing. */
export function verdictsOfLabelStudio(tasks: z.infer<typeof LabelStudioTasks>): RawVerdict[] {
  return tasks.flatMap(({ data, annotations }, task) =>
    annotations.flatMap((annotation, index) => {
      if (annotation.was_cancelled === true || annotation.result.length === 0) return []
      const { map_id, sample_id, model, method } = data
      const where = `task ${task + 1}, annotation ${index + 1}`
      return [{ where, fields: { map_id, sample_id, model, method, ...fieldsOf(annotation) } }]
    }),
  )
}

function fieldsOf({ result, completed_by, created_at }: Annotation): RawVerdict['fields'] {
  const boxes = result.filter(({ type, from_name }) => type === 'rectanglelabels' && from_name === 'box')
  const drawn = boxes.flatMap(({ value }) => value?.rectanglelabels ?? [])
  return {
    verdict: named(result, 'verdict').flatMap(({ value }) => value?.choices ?? [])[0],
    modes: [...new Set([...named(result, 'modes').flatMap(({ value }) => value?.choices ?? []), ...drawn])],
    note: named(result, 'note')
      .flatMap(({ value }) => value?.text ?? [])
      .join('\n'),
    box: boxes.length > 1 ? `${boxes.length} boxes, where a verdict has one` : boxOf(boxes[0]),
    reviewer: result.flatMap(({ meta }) => meta?.text ?? [])[0] ?? personOf(completed_by),
    time: created_at,
  }
}

function named(result: readonly Result[], name: string): Result[] {
  return result.filter(({ from_name }) => from_name === name)
}

function boxOf(drawn: Result | undefined): unknown {
  if (drawn === undefined) return undefined
  const { x = NaN, y = NaN, width = NaN, height = NaN } = drawn.value ?? {}
  return { left: x / PERCENT, top: y / PERCENT, width: width / PERCENT, height: height / PERCENT }
}

/** Label Studio names people by number, or with their address. */
function personOf(person: z.infer<typeof Person> | null | undefined): string | undefined {
  if (person === null || person === undefined || typeof person === 'string') return person ?? undefined
  if (typeof person === 'number') return `Label Studio user ${person}`
  return person.email ?? (person.id === undefined ? undefined : `Label Studio user ${person.id}`)
}
