import { toBlob, uint32FromBlob } from '../../workspace/blobs.ts'
import { prepared } from '../../workspace/statements.ts'
import type { Placement } from './placement.ts'
import { bytesOf } from './record-checks.ts'
import type { RecordOf } from './record-tables.ts'

/** A verdict by what makes it the same one, whatever its id. */
const IDENTITY = ['created_at', 'verdict', 'modes_json', 'note', 'action'] as const

type KnownVerdict = Record<(typeof IDENTITY)[number], string> & { decisionId: number }

/** No map has this id: it stands for maps that neither the set nor the workspace has. */
const NO_MAP = 0

/**
 * Verdicts, and the decisions, queues and groups that they belong to, which come in with the first verdict that is new. What a
 * reviewer said of a map here must go on from what they said of it in the workspace, or the other way round: nobody can tell
 * which of two different histories counts.
 */
export class VerdictPlacer {
  readonly #placement: Placement
  readonly #decisions = new Map<number, RecordOf<'decisions'>>()
  readonly #queues = new Map<number, RecordOf<'queues'>>()
  readonly #groups = new Map<number, RecordOf<'verdict_groups'>>()
  /** What the workspace has and the set has not told yet, by map and reviewer. */
  readonly #known = new Map<string, KnownVerdict[]>()

  constructor(placement: Placement) {
    this.#placement = placement
  }

  decision(row: RecordOf<'decisions'>): void {
    this.#decisions.set(row.id, row)
  }

  queue(row: RecordOf<'queues'>): void {
    this.#queues.set(row.id, row)
  }

  group(row: RecordOf<'verdict_groups'>): void {
    this.#groups.set(row.id, row)
  }

  verdict(row: RecordOf<'verdicts'>): void {
    const mapId = this.#placement.get('maps', row.map_id)
    const known = this.#knownOf(mapId, row.reviewer).shift()
    if (known === undefined) {
      this.#insert(row, mapId)
    } else if (IDENTITY.every((name) => known[name] === row[name])) {
      this.#placement.place('decisions', row.decision_id, known.decisionId)
    } else {
      this.#placement.conflicts.push(
        `map ${row.map_id}: ${row.reviewer} says ${row.verdict} at ${row.created_at} here, ${known.verdict} at ${known.created_at} in the workspace`,
      )
    }
  }

  #knownOf(mapId: number, reviewer: string): KnownVerdict[] {
    if (this.#placement.keepsIds) return []
    const key = JSON.stringify([mapId, reviewer])
    const known =
      this.#known.get(key) ??
      (prepared(
        this.#placement.database,
        `SELECT ${IDENTITY.map((name) => `"${name}"`).join(', ')}, decision_id AS decisionId FROM verdicts
         WHERE map_id = @mapId AND reviewer = @reviewer ORDER BY id`,
      ).all({ mapId, reviewer }) as KnownVerdict[])
    this.#known.set(key, known)
    return known
  }

  #insert(row: RecordOf<'verdicts'>, mapId: number): void {
    const groupId = row.group_id === null ? null : this.#placeGroup(row.group_id)
    this.#placement.insert('verdicts', row, {
      map_id: mapId,
      decision_id: this.#placeDecision(row.decision_id),
      queue_id: row.queue_id === null ? null : this.#placeQueue(row.queue_id),
      group_id: groupId,
    })
  }

  #placeDecision(id: number): number {
    const row = required(this.#decisions.get(id))
    const known = this.#placement.find('decisions', id)
    if (known !== undefined) {
      prepared(this.#placement.database, 'UPDATE decisions SET state = @state WHERE id = @id').run({
        id: known,
        state: row.state,
      })
      return known
    }
    const isTaken =
      row.request_id !== null &&
      prepared(
        this.#placement.database,
        'SELECT 1 FROM decisions WHERE reviewer = @reviewer AND request_id = @requestId',
      ).get({ reviewer: row.reviewer, requestId: row.request_id }) !== undefined
    return this.#placement.insert('decisions', row, isTaken ? { request_id: null } : {})
  }

  #placeQueue(id: number): number {
    const known = this.#placement.find('queues', id)
    if (known !== undefined) return known
    const row = required(this.#queues.get(id))
    const mapIds = uint32FromBlob(bytesOf(row.map_ids)).map((mapId) => this.#placement.get('maps', mapId))
    return this.#placement.insert('queues', row, {
      map_ids: toBlob(mapIds),
      ...(!this.#placement.keepsIds && { request_json: this.#request(row.request_json) }),
    })
  }

  /** A queue's request with the ids that its models and sample sets have in the workspace. */
  #request(text: string): string {
    const request = JSON.parse(text) as {
      filter: { model?: number[]; sampleSet?: number[]; sample?: number }
    }
    const { model, sampleSet, sample, ...filter } = request.filter
    const placed = (table: 'models' | 'sample_sets' | 'samples', ids: number[]) =>
      ids.flatMap((id) => this.#placement.find(table, id) ?? [])
    const [own] = sample === undefined ? [] : placed('samples', [sample])
    return JSON.stringify({
      ...request,
      filter: {
        ...filter,
        ...(model && { model: placed('models', model) }),
        ...(sampleSet && { sampleSet: placed('sample_sets', sampleSet) }),
        ...(own !== undefined && { sample: own }),
      },
    })
  }

  #placeGroup(id: number): number {
    const known = this.#placement.find('verdict_groups', id)
    if (known !== undefined) return known
    const row = required(this.#groups.get(id))
    const placed = (text: string) =>
      JSON.stringify(
        (JSON.parse(text) as number[]).map((mapId) => this.#placement.find('maps', mapId) ?? NO_MAP),
      )
    return this.#placement.insert('verdict_groups', row, {
      queue_id: this.#placeQueue(row.queue_id),
      analysis_id: row.analysis_id === null ? null : this.#placement.get('map_analyses', row.analysis_id),
      ...(!this.#placement.keepsIds && {
        looked_at_json: placed(row.looked_at_json),
        left_out_json: placed(row.left_out_json),
      }),
    })
  }
}

function required<Row>(row: Row | undefined): Row {
  if (row === undefined) throw new Error('a record that was checked is missing')
  return row
}
