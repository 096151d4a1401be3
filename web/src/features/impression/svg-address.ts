/** An SVG as the address of an image: as an image it can neither run a script nor load anything. */
export function svgAddress(svg: string): string {
  return `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`
}
