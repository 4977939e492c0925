/** A path of this server to go on to: no other site, no `//host`, no backslash that browsers read as a slash; else `/`. */
export function safeNextPath(next: string | undefined): string {
  return next !== undefined && /^\/(?!\/)[\w/?&=.,:%+@~*!'()[\]-]*$/.test(next) ? next : '/'
}
