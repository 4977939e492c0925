import { describe, expect, test } from 'vitest'
import { parseAddress } from '../../../../src/renderer/lib/routing.ts'
import {
  embeddingOf,
  groupingFacts,
  groupingOf,
  groupTitle,
  sourceOptions,
} from '../../../../src/renderer/views/review/grouping.ts'

const CLUSTERING = { id: 3, kind: 'clustering' as const, name: 'Spectral · k', dimensions: 1, maps: 9 }
const EMBEDDING = { id: 4, kind: 'embedding' as const, name: 'tsne', dimensions: 2, maps: 9 }

describe('what the address says of groups', () => {
  const asked = (address: string, sources: (typeof CLUSTERING | typeof EMBEDDING)[] | null) =>
    groupingOf(parseAddress(address), 7, sources)

  test('is their number, seed and analysis', () => {
    expect(asked('/review?groups=8&seed=2&by=4', [CLUSTERING, EMBEDDING])).toEqual({
      ...{ queueId: 7, groups: 8, seed: 2, analysisId: 4 },
    })
  })

  test('waits for the analyses only where it names one, and takes an unknown one for none', () => {
    expect(asked('/review?by=4', null)).toBe(null)
    expect(asked('/review', null)?.analysisId).toBe(null)
    expect(asked('/review?by=4', [CLUSTERING])?.analysisId).toBe(null)
    expect(asked('/review?by=x', [CLUSTERING])?.analysisId).toBe(null)
  })
})

test('groups are called by their place, clusters by their name', () => {
  expect(groupTitle({ name: null }, 1233)).toBe('Group 1,234')
  expect(groupTitle({ name: 'cat · 3' }, 0)).toBe('Cluster cat · 3')
})

test('sources and how groups came about are said in words', () => {
  expect(sourceOptions([CLUSTERING, EMBEDDING]).map(({ label }) => label)).toEqual([
    'Where relevance lies',
    'Clusters: Spectral · k',
    'Embedding: tsne',
  ])
  const own = { ...EMBEDDING, name: 'Spectral · tsne · cat' }
  expect(sourceOptions([CLUSTERING, own]).map(({ label }) => label)).toEqual([
    'Where relevance lies',
    'Clusters: k',
    'Embedding: tsne · cat',
  ])
  const group = {
    name: null,
    size: 1,
    decided: 0,
    meanMap: '',
    columns: 1,
    averaged: 1,
    majority: [],
    odd: [],
  }
  const formed = { maps: 1200, groups: [group, group] }
  expect(groupingFacts(formed, 5, undefined)).toBe('1,200 maps in 2 groups of similar ones, seed 5')
  expect(groupingFacts(formed, 5, CLUSTERING)).toBe('1,200 maps in 2 clusters of Spectral · k')
  expect(groupingFacts(formed, 5, EMBEDDING)).toBe('1,200 maps in 2 groups of near ones in tsne, 2-D, seed 5')
})

test('groups are drawn in the embedding that formed them, clusters in that of their analysis or a chosen one', () => {
  const line = { ...EMBEDDING, id: 5, name: 'line', dimensions: 1 }
  const own = { ...EMBEDDING, id: 6, name: 'Spectral · umap' }
  const all = [CLUSTERING, EMBEDDING, line, own]
  const drawnIn = (source: typeof CLUSTERING | typeof EMBEDDING | undefined, address = '/review') =>
    embeddingOf(parseAddress(address), source, all)?.name
  expect(drawnIn(undefined)).toBe(undefined)
  expect(drawnIn(EMBEDDING, '/review?in=6')).toBe('tsne')
  expect(drawnIn(line)).toBe(undefined)
  expect(drawnIn(CLUSTERING)).toBe('Spectral · umap')
  expect(drawnIn(CLUSTERING, '/review?in=4')).toBe('tsne')
  expect(embeddingOf(parseAddress('/review'), CLUSTERING, [CLUSTERING, EMBEDDING])?.name).toBe('tsne')
})

test('clusters of a category are drawn in an embedding of the same, of two dimensions before more', () => {
  const named = (id: number, name: string, dimensions: number) => ({ ...EMBEDDING, id, name, dimensions })
  const all = [
    named(5, 'Spectral · spectral · cat', 8),
    named(6, 'Spectral · tsne · dog', 2),
    named(7, 'Spectral · tsne · cat', 2),
    named(8, 'Other · tsne · cat', 2),
  ]
  const clusters = (name: string) => embeddingOf(parseAddress('/review'), { ...CLUSTERING, name }, all)?.id
  expect(clusters('Spectral · k · cat')).toBe(7)
  expect(clusters('Spectral · k · dog')).toBe(6)
  expect(clusters('Other · k')).toBe(8)
})
