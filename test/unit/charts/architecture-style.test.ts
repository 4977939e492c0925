import { describe, expect, it } from 'vitest'
import { architectureStyle } from '../../../src/charts/architecture-style.ts'
import { ARCHITECTURE_NAMES, ARCHITECTURES } from '../../../src/shared/names.ts'

describe('the style of an architecture', () => {
  it('is another one for every architecture', () => {
    const styles = ARCHITECTURE_NAMES.map((name) => architectureStyle(name, ARCHITECTURES[name]))
    expect(new Set(styles.map((style) => style.colour)).size).toBe(ARCHITECTURE_NAMES.length)
    expect(new Set(styles.map((style) => `${style.marker} ${style.rotation}`)).size).toBe(
      ARCHITECTURE_NAMES.length,
    )
  })

  it('is dashed for stationary dropout and dotted for random labels, in the colour of the architecture', () => {
    const [plain, stationary] = [
      architectureStyle('rlstm', 'R-LSTM'),
      architectureStyle('rlstm', 'R-LSTM-SD'),
    ]
    expect(stationary).toEqual({ ...plain, dash: stationary.dash })
    expect(plain.dash).toEqual([])
    expect(stationary.dash.length).toBeGreaterThan(0)
    const random = architectureStyle('rlstm', 'R-LSTM, random labels')
    expect(random).toEqual({ ...plain, dash: random.dash })
    expect(random.dash).not.toEqual(stationary.dash)
  })

  it('is neutral for an architecture that nobody knows', () => {
    expect(architectureStyle('transformer', 'Transformer').colour).toBe('--text-2')
  })
})
