import type { z } from 'zod'

/** Reads what the browser kept, or the fallback where it kept nothing that fits. */
export function recall<T>(key: string, schema: z.ZodType<T>, fallback: T): T {
  try {
    const parsed = schema.safeParse(JSON.parse(window.localStorage.getItem(key) ?? 'null'))
    return parsed.success ? parsed.data : fallback
  } catch {
    return fallback
  }
}

/** Keeps a value in this browser; a full or forbidden store loses comfort, not work. */
export function remember(key: string, value: unknown): void {
  try {
    window.localStorage.setItem(key, JSON.stringify(value))
  } catch {
    return
  }
}
