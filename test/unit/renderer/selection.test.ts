import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { gridLayout, scrollTopOf, topOf, visiblePositions } from '../../../src/renderer/lib/grid-window.ts'
import {
  countChosen,
  everything,
  extend,
  isChosen,
  NOTHING,
  only,
  toggle,
  type Selection,
} from '../../../src/renderer/lib/selection.ts'

const chosen = (selection: Selection) =>
  Array.from({ length: 20 }, (_, at) => at).filter((at) => isChosen(selection, at))

describe('the selection of a grid', () => {
  it('extends from the anchor in both directions', () => {
    expect(chosen(extend(only(5), 8))).toEqual([5, 6, 7, 8])
    expect(chosen(extend(only(5), 3))).toEqual([3, 4, 5])
    expect(chosen(extend(extend(only(5), 8), 4))).toEqual([4, 5])
  })

  it('keeps earlier parts on request', () => {
    expect(chosen(extend(toggle(only(1), 5), 6, true))).toEqual([1, 5, 6])
  })

  it('adds and takes away', () => {
    expect(chosen(toggle(toggle(only(1), 2), 1))).toEqual([2])
    expect(chosen(extend(NOTHING, 3))).toEqual([3])
    expect(chosen(everything(3))).toEqual([0, 1, 2])
    expect(everything(0)).toEqual(NOTHING)
  })

  it('holds a million positions in one range, and counts them', () => {
    const all = everything(1_000_000)
    expect(all.ranges).toEqual([[0, 999_999]])
    expect(countChosen(toggle(all, 500_000))).toBe(999_999)
  })

  it('is the same set as one that is made position by position', () => {
    const step = fc.record({ kind: fc.constantFrom('toggle', 'extend', 'keep'), to: fc.nat(19) })
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        let [selection, set, anchor] = [NOTHING, new Set<number>(), null as number | null]
        for (const { kind, to } of steps) {
          if (kind === 'toggle') {
            selection = toggle(selection, to)
            if (!set.delete(to)) set.add(to)
            anchor = to
            continue
          }
          selection = extend(selection, to, kind === 'keep')
          if (kind === 'extend') set = new Set()
          anchor ??= to
          for (let at = Math.min(anchor, to); at <= Math.max(anchor, to); at += 1) set.add(at)
          anchor = selection.anchor
        }
        expect(chosen(selection)).toEqual([...set].sort((a, b) => a - b))
        expect(countChosen(selection)).toBe(set.size)
        const gaps = selection.ranges
          .slice(1)
          .map(([first], index) => first - (selection.ranges[index]?.[1] ?? 0))
        expect(gaps.every((gap) => gap > 1)).toBe(true)
      }),
    )
  })
})

describe('the window on a grid', () => {
  it('holds the rows in sight and a few spare ones, whatever the length', () => {
    const layout = gridLayout(100_000, 1000, 180, 90)
    expect(layout).toEqual({ columns: 5, rowHeight: 90, height: 20_000 * 90, scrollHeight: 20_000 * 90 })
    const window = { height: 900, spare: 3 }
    expect(visiblePositions(layout, 100_000, { top: 9000, ...window })).toEqual({
      start: 97 * 5,
      end: 113 * 5,
    })
    expect(visiblePositions(layout, 100_000, { top: 0, ...window })).toEqual({ start: 0, end: 65 })
    expect(visiblePositions(layout, 7, { top: 0, ...window })).toEqual({ start: 0, end: 7 })
  })

  it('scrolls pixel by pixel where a browser can hold all rows, and otherwise from the first to the last', () => {
    const small = gridLayout(100_000, 1000, 180, 90)
    expect(topOf(small, 1234, 900)).toBe(1234)
    const large = gridLayout(1_000_000, 1000, 180, 90)
    expect(large).toMatchObject({ height: 18e6, scrollHeight: 15e6 })
    expect(topOf(large, 0, 900)).toBe(0)
    expect(topOf(large, 15e6 - 900, 900)).toBeCloseTo(18e6 - 900, 6)
    expect(topOf(large, scrollTopOf(large, 7_654_321, 900), 900)).toBeCloseTo(7_654_321, 6)
  })

  it('has at least one column', () => {
    expect(gridLayout(4, 50, 180, 90).columns).toBe(1)
  })
})
