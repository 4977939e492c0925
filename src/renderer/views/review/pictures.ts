import { MOST_DETAILS, type ReviewItem } from '../../../shared/contract/review.ts'
import { batched } from '../../lib/batched.ts'
import { fetchMap, fetchSample, type EngineClient } from '../../lib/client.ts'
import { bytesOf, Recent } from '../../lib/recent.ts'
import { Wanted } from '../../lib/wanted.ts'

/** All that the centre of the screen shows of one map. */
export interface Picture {
  item: ReviewItem
  /** Relevance and pixels, rows x columns. */
  values: Float32Array
  input: Float32Array
}

/** In bytes: thousands of maps of three digits, and still some dozen of a large picture. */
const MAP_ROOM = 64e6
const SAMPLE_ROOM = 32e6
/** Of a screenful the upper half is drawn while the lower one is on its way. */
const THUMBNAILS = { part: 32, most: 2 }

/** Loads and keeps pictures: whole ones around the current position, bytes alone for thumbnails. */
export class Pictures {
  readonly maps = new Recent<number, Float32Array>(MAP_ROOM, fetchMap, bytesOf)
  readonly thumbnails = new Wanted((mapId: number) => this.maps.get(mapId), THUMBNAILS)
  readonly samples = new Recent<number, Float32Array>(SAMPLE_ROOM, fetchSample, bytesOf)
  readonly #items: Recent<number, ReviewItem>

  /** @param asked in which queue, and by whom, maps are looked at now */
  constructor(client: EngineClient, asked: () => { queueId: number; reviewer: string } | undefined) {
    const load = batched<number, ReviewItem>(async (mapIds) => {
      const [mapId, ...others] = mapIds
      if (others.length === 0) return [await client.call('review.item', { mapId, asked: asked() })]
      return client.call('review.details', { mapIds: [...mapIds], asked: asked() })
    }, MOST_DETAILS)
    this.#items = new Recent(400, load)
  }

  async load(mapId: number, sampleId: number): Promise<Picture> {
    const [item, values, input] = await Promise.all([
      this.#items.get(mapId),
      this.maps.get(mapId),
      this.samples.get(sampleId),
    ])
    return { item, values, input }
  }

  /** The picture if all of it is here already. */
  peek(mapId: number, sampleId: number): Picture | null {
    const item = this.#items.peek(mapId)
    const values = this.maps.peek(mapId)
    const input = this.samples.peek(sampleId)
    return item && values && input ? { item, values, input } : null
  }

  /** Starts loading what may be shown soon; failures show when it is. */
  prefetch(rows: readonly { mapId: number; sampleId: number }[]): void {
    for (const { mapId, sampleId } of rows) this.load(mapId, sampleId).catch(() => undefined)
  }

  /** Whether the picture is here or on its way. */
  isAsked(mapId: number): boolean {
    return this.#items.has(mapId) && this.maps.has(mapId)
  }

  forgetItem(mapId: number): void {
    this.#items.forget(mapId)
  }

  /** After a change of the calibration or of others' verdicts: bytes stay, everything said about them is asked again. */
  forgetItems(): void {
    this.#items.clear()
  }
}
