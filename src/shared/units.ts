/** Numbers as people read them; one place, so that a value looks the same on every screen. */

/** A metric, rate or share with three decimals; a dash where there is no value. */
export function formatValue(value: number | null | undefined, decimals = 3): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–'
  const text = value.toFixed(decimals)
  return text.startsWith('-') ? `−${text.slice(1)}` : text
}

/** An estimate with its interval, e.g. `0.912 [0.871, 0.944]`. */
export function formatEstimate(estimate: { value: number; low: number; high: number }, decimals = 3): string {
  const [value, low, high] = [estimate.value, estimate.low, estimate.high].map((n) =>
    formatValue(n, decimals),
  )
  return `${value ?? ''} [${low ?? ''}, ${high ?? ''}]`
}

/** A share as a percentage, e.g. `12.5 %`; tiny shares are not rounded down to nothing. */
export function formatPercent(share: number | null): string {
  if (share === null || !Number.isFinite(share)) return '–'
  if (share > 0 && share < 0.001) return '< 0.1 %'
  const percent = share * 100
  const decimals = Number.isInteger(percent) || Math.abs(percent) >= 100 ? 0 : 1
  return `${percent.toFixed(decimals).replace('-', '−')} %`
}

/** A whole number with thousands separated by a thin comma, the same in every locale. */
export function formatCount(count: number): string {
  return Math.round(count).toLocaleString('en-US')
}

/** A count with its noun, e.g. `1 map`, `2,000 maps`. */
export function plural(count: number, noun: string, nouns = `${noun}s`): string {
  return `${formatCount(count)} ${count === 1 ? noun : nouns}`
}

/** The size of an image, e.g. `28 x 84`, or `32 x 32 x 3` of three channels. */
export function printInputSize({
  rows,
  columns,
  channels = 1,
}: {
  rows: number
  columns: number
  channels?: number
}): string {
  return [rows, columns, ...(channels === 1 ? [] : [channels])].join(' x ')
}

/** Bytes in decimal units, e.g. `14.2 MB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3))
  const scaled = bytes / 1000 ** power
  const digits = power === 0 || scaled >= 100 ? 0 : 1
  return `${scaled.toFixed(digits)} ${units[power] ?? 'B'}`
}

/** A duration, e.g. `8 s`, `3 min 20 s`, `2 h 5 min`. */
export function formatDuration(seconds: number): string {
  if (seconds < 1) return 'under 1 s'
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60]
  if (hours > 0) return minutes > 0 ? `${hours} h ${minutes} min` : `${hours} h`
  return rest > 0 ? `${minutes} min ${rest} s` : `${minutes} min`
}

/** An instant in the reader's time zone, e.g. `2026-03-04 17:05`. */
export function formatInstant(instant: string): string {
  const date = new Date(instant)
  const pad = (part: number): string => String(part).padStart(2, '0')
  const day = [date.getFullYear(), pad(date.getMonth() + 1), pad(date.getDate())].join('-')
  return `${day} ${pad(date.getHours())}:${pad(date.getMinutes())}`
}

/** The first characters of a hash, enough to tell two apart. */
export function shortHash(hash: string): string {
  return hash.slice(0, 12)
}
