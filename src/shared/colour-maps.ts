/**
 * Colour tables of relevance maps, computed once in OKLab (Ottosson 2020), where equal steps look equal.
 *
 * `SEQUENTIAL` (values >= 0): lightness rises evenly from near black to a warm white while the hue turns from violet
 * over red to yellow, so that the order survives without any colour vision. `DIVERGING` (signed values): a neutral dark
 * grey at zero; lightness rises evenly with the size on both sides, blue for negative, orange for positive relevance: a
 * pair that the common colour-vision deficiencies keep apart.
 *
 * Both hold 256 colours, red, green and blue in 0..255 one after the other. In the diverging table zero lies at 127.5.
 */
export const COLOUR_COUNT = 256

/** Lightness in [0, 1], chroma, hue in degrees. */
type Anchor = readonly [position: number, lightness: number, chroma: number, hue: number]

const SEQUENTIAL_ANCHORS: readonly Anchor[] = [
  [0, 0.14, 0.01, 290],
  [0.2, 0.31, 0.14, 300],
  [0.45, 0.52, 0.2, 10],
  [0.7, 0.72, 0.17, 50],
  [0.9, 0.89, 0.16, 92],
  [1, 0.985, 0.06, 102],
]

const DIVERGING_ANCHORS: readonly Anchor[] = [
  [0, 0.95, 0.05, 225],
  [0.22, 0.73, 0.14, 240],
  [0.38, 0.47, 0.13, 258],
  [0.5, 0.2, 0, 258],
  [0.5, 0.2, 0, 45],
  [0.62, 0.47, 0.13, 42],
  [0.78, 0.73, 0.16, 58],
  [1, 0.95, 0.06, 95],
]

const gamma = (linear: number) => (linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055)

/** OKLab to sRGB, each channel in [0, 1] where the colour can be shown. */
function oklabToRgb(lightness: number, a: number, b: number): [number, number, number] {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
  return [
    gamma(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    gamma(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    gamma(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ]
}

/** The colour of this lightness and hue, with as much of the chroma as a screen can show. */
function showable(lightness: number, chroma: number, hue: number): [number, number, number] {
  const angle = (hue * Math.PI) / 180
  for (let part = 1; part > 0; part -= 0.02) {
    const colour = oklabToRgb(lightness, part * chroma * Math.cos(angle), part * chroma * Math.sin(angle))
    if (colour.every((channel) => channel >= 0 && channel <= 1)) return colour
  }
  return oklabToRgb(lightness, 0, 0)
}

/** Interpolates between two anchors; the hue takes the shorter way round. */
function between(low: Anchor, high: Anchor, position: number): [number, number, number] {
  const part = high[0] === low[0] ? 0 : (position - low[0]) / (high[0] - low[0])
  const turn = ((((high[3] - low[3]) % 360) + 540) % 360) - 180
  return showable(
    low[1] + part * (high[1] - low[1]),
    low[2] + part * (high[2] - low[2]),
    low[3] + part * turn,
  )
}

function table(anchors: readonly Anchor[]): Uint8Array {
  const colours = new Uint8Array(3 * COLOUR_COUNT)
  for (let index = 0; index < COLOUR_COUNT; index++) {
    const position = index / (COLOUR_COUNT - 1)
    const above = anchors.findIndex((anchor) => anchor[0] >= position && anchor[0] > 0)
    const [low, high] = [anchors[above - 1], anchors[above]]
    if (low === undefined || high === undefined) continue
    colours.set(
      between(low, high, position).map((channel) => Math.round(255 * Math.min(1, Math.max(0, channel)))),
      3 * index,
    )
  }
  return colours
}

export const SEQUENTIAL: Uint8Array = table(SEQUENTIAL_ANCHORS)
export const DIVERGING: Uint8Array = table(DIVERGING_ANCHORS)
