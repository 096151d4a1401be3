/** The common name out of a distinguished name (RFC 4514); a plain name stays as it is. */
export function commonName(name: string): string {
  const match = /(?:^|[,+])\s*CN=((?:\\.|[^,+\\])*)/i.exec(name)
  return match?.[1] ? match[1].replace(/\\(.)/g, '$1') : name
}
