import type { MapPair, PairAgreement, PairRequest } from '../../../shared/contract/compare.ts'
import type { EngineClient } from '../../lib/client.ts'
import { Recent } from '../../lib/recent.ts'
import type { PairList } from './pair-order.ts'

const PAGE = 50
/** Pairs whose agreement is asked for at once. */
const MEASURED = 10

/** All pairs of two sides in the order of the sequences, loaded and measured as they come into sight. */
export class PairPages implements PairList {
  readonly #client: EngineClient
  readonly #request: PairRequest
  readonly #pages = new Recent<number, undefined>(Infinity, (page) => this.#fetch(page))
  readonly #measured = new Recent<number, undefined>(Infinity, (part) => this.#measure(part))
  /** By position; holes are not loaded, or not measured. */
  readonly #pairs: (MapPair | undefined)[] = []
  readonly #agreement: (PairAgreement | undefined)[] = []
  #length = $state(0)
  #unpaired = $state(0)
  #known = $state(false)
  /** Counts what arrived, so that readers see it. */
  #version = $state(0)

  constructor(client: EngineClient, request: PairRequest) {
    this.#client = client
    this.#request = request
  }

  get length(): number {
    return this.#length
  }

  /** Sequences with maps of both sides that explain other classes. */
  get unpaired(): number {
    return this.#unpaired
  }

  /** Whether it is known how many pairs there are. */
  get known(): boolean {
    return this.#known
  }

  at(position: number): MapPair | undefined {
    return this.#version >= 0 ? this.#pairs[position] : undefined
  }

  agreementAt(position: number): PairAgreement | undefined {
    return this.#version >= 0 ? this.#agreement[position] : undefined
  }

  async load(start: number, end: number): Promise<void> {
    await Promise.all(chunks(start, end, PAGE).map((page) => this.#pages.get(page)))
    const last = Math.min(end, this.#length)
    if (last > start) await Promise.all(chunks(start, last, MEASURED).map((part) => this.#measured.get(part)))
  }

  async #fetch(page: number): Promise<undefined> {
    const input = { ...this.#request, offset: page * PAGE, limit: PAGE }
    const { total, unpaired, pairs } = await this.#client.call('compare.pairs', input)
    pairs.forEach((pair, index) => (this.#pairs[page * PAGE + index] = pair))
    this.#length = total
    this.#unpaired = unpaired
    this.#known = true
    this.#version += 1
  }

  async #measure(part: number): Promise<undefined> {
    const positions = Array.from({ length: MEASURED }, (_, index) => part * MEASURED + index)
    const found = positions.flatMap((position) => {
      const pair = this.#pairs[position]
      return pair ? [{ position, a: pair.a, b: pair.b }] : []
    })
    const pairs = found.map(({ a, b }) => ({ a, b }))
    if (pairs.length === 0) return
    const measured = await this.#client.call('compare.agreement', { pairs })
    found.forEach(({ position }, index) => {
      this.#agreement[position] = measured[index]
    })
    this.#version += 1
  }
}

function chunks(start: number, end: number, size: number): number[] {
  const first = Math.floor(start / size)
  return Array.from({ length: Math.max(0, Math.ceil(end / size) - first) }, (_, index) => first + index)
}
