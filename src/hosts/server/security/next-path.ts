const PATH = /^\/(?!\/)[\w/?&=.,:%+@~*!'()[\]-]*$/
/** Tabs, line ends and the like, which browsers drop from an address: `/%09/host` must not become `//host`. */
const ENCODED_CONTROL = /%(?:[01][0-9a-f]|7f)/i

/** A path of this server to go on to: no other site, no `//host`, no backslash that browsers read as a slash; else `/`. */
export function safeNextPath(next: string | undefined): string {
  return next !== undefined && PATH.test(next) && !ENCODED_CONTROL.test(next) ? next : '/'
}
