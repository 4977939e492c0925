import type { z } from 'zod'

/*
 * What the app keeps of its user are cookies: every start of the engine may have another port, and a browser keeps the local
 * storage of each port apart. A value may have some 4,000 characters.
 */

const SECONDS_KEPT = 365 * 24 * 60 * 60

/** Reads what the browser kept, or the fallback where it kept nothing that fits. */
export function recall<T>(key: string, schema: z.ZodType<T>, fallback: T): T {
  try {
    const found = document.cookie.split('; ').find((cookie) => cookie.startsWith(`${key}=`))
    const text = found === undefined ? 'null' : decodeURIComponent(found.slice(key.length + 1))
    const parsed = schema.safeParse(JSON.parse(text))
    return parsed.success ? parsed.data : fallback
  } catch {
    return fallback
  }
}

/** Keeps a value in this browser; one that is too long, or forbidden, loses comfort, not work. */
export function remember(key: string, value: unknown): void {
  const text = encodeURIComponent(JSON.stringify(value))
  document.cookie = `${key}=${text}; path=/; samesite=strict; max-age=${SECONDS_KEPT}`
}
