import { describe, expect, it } from 'vitest'
import { architectureStyle } from '../../../src/charts/architecture-style.ts'
import { ARCHITECTURE_NAMES, ARCHITECTURES, FOREIGN_ARCHITECTURES } from '../../../src/shared/names.ts'

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

  it('tells networks from elsewhere from each other and from our own', () => {
    const looks = [
      ...ARCHITECTURE_NAMES,
      ...['vgg16', 'resnet50', 'shapes-cnn', 'coloured-shapes', 'column-reader-lstm', 'My LSTM'],
    ].map((name) => {
      const { colour, marker, rotation } = architectureStyle(name, name)
      return `${colour} ${marker} ${rotation}`
    })
    expect(new Set(looks).size).toBe(looks.length)
    for (const kind of FOREIGN_ARCHITECTURES) {
      expect(architectureStyle(kind, 'vgg16')).toEqual(architectureStyle('vgg16', 'vgg16'))
    }
  })

  const lookOf = (name: string, networks: readonly string[]) => {
    const { colour, marker } = architectureStyle('graph', name, networks)
    return `${colour} ${marker}`
  }
  const networks = Array.from({ length: 60 }, (_, index) => `network ${index}`)

  it('is another one for each of as many networks from elsewhere as there are looks', () => {
    const alone = new Set(networks.slice(0, 42).map((name) => lookOf(name, [])))
    expect(alone.size).toBeLessThan(42)
    const together = networks.slice(0, 42).map((name) => lookOf(name, networks))
    expect(new Set(together).size).toBe(42)
    expect(networks.slice(42).map((name) => lookOf(name, networks))).toEqual(
      networks.slice(42).map((name) => lookOf(name, [])),
    )
  })

  it('stays that of a network when others come in after it', () => {
    const before = networks.slice(0, 10).map((name) => lookOf(name, networks.slice(0, 10)))
    expect(networks.slice(0, 10).map((name) => lookOf(name, networks))).toEqual(before)
    for (const name of ARCHITECTURE_NAMES)
      expect(architectureStyle(name, ARCHITECTURES[name], networks)).toEqual(
        architectureStyle(name, ARCHITECTURES[name]),
      )
  })
})
