/** So many bytes are turned into text at once: more overflow the stack of a call. */
const PIECE = 0x8000

/** Base64 of bytes. */
export function toBase64(bytes: Uint8Array): string {
  let text = ''
  for (let start = 0; start < bytes.length; start += PIECE) {
    text += String.fromCharCode(...bytes.subarray(start, start + PIECE))
  }
  return btoa(text)
}
