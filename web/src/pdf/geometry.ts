/** All places are in points from the top left corner of the page as it is displayed; a point is 1/72 inch. */

export interface Size {
  width: number
  height: number
}

export interface Point {
  x: number
  y: number
}

export interface Box extends Point, Size {}

export const pointsPerMillimetre = 72 / 25.4

export const toPoints = (millimetres: number) => millimetres * pointsPerMillimetre
export const toMillimetres = (points: number) => points / pointsPerMillimetre

/** CSS pixels for one point, so that the widest page fills `available` pixels, times the reader's zoom. */
export function scaleToFit(pages: readonly Size[], available: number, zoom = 1): number {
  const widest = pages.reduce((most, page) => Math.max(most, page.width), 1)
  return (Math.max(available, 1) / widest) * zoom
}

export function boxToPixels(box: Box, scale: number): Box {
  return { x: box.x * scale, y: box.y * scale, width: box.width * scale, height: box.height * scale }
}

export function pointFromPixels(pixel: Point, scale: number): Point {
  return { x: pixel.x / scale, y: pixel.y / scale }
}

/** The box moved (and, if it must be, shrunk) so that it lies on the page. */
export function keepInside(box: Box, page: Size): Box {
  const width = Math.min(box.width, page.width)
  const height = Math.min(box.height, page.height)
  return {
    width,
    height,
    x: clamp(box.x, 0, page.width - width),
    y: clamp(box.y, 0, page.height - height),
  }
}

export function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), Math.max(least, most))
}

/** Two decimals: a hundredth of a point is finer than any printer. */
export function roundBox(box: Box): Box {
  return { x: round(box.x), y: round(box.y), width: round(box.width), height: round(box.height) }
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
