import type { BasicPoint, PointGroup } from 'signature_pad'

export interface PadSize {
  width: number
  height: number
}

export interface StrokePoint {
  x: number
  y: number
  t?: number
  p?: number
}

/** Least length of all strokes together, in pixels: less is a slip of the finger. */
const leastInk = 40

/** The same drawing on a pad of another size (the phone was turned): shape kept, centred. */
export function fitGroups(groups: readonly PointGroup[], from: PadSize, to: PadSize): PointGroup[] {
  if (from.width <= 0 || from.height <= 0) return [...groups]
  const scale = Math.min(to.width / from.width, to.height / from.height)
  const dx = (to.width - from.width * scale) / 2
  const dy = (to.height - from.height * scale) / 2
  return groups.map((group) => ({
    ...group,
    points: group.points.map((point) => ({ ...point, x: point.x * scale + dx, y: point.y * scale + dy })),
  }))
}

/** What the server draws from: points in pad pixels, time from the first point on, pressure where a pen gave it. */
export function toStrokes(groups: readonly PointGroup[]): StrokePoint[][] {
  const start = groups[0]?.points[0]?.time ?? 0
  return groups
    .filter((group) => group.points.length > 0)
    .map((group) => {
      const pressed = hasPressure(group.points)
      return group.points.map((point) => ({
        x: round(point.x),
        y: round(point.y),
        t: Math.max(0, Math.round(point.time - start)),
        ...(pressed ? { p: round(point.pressure) } : {}),
      }))
    })
}

export function isInk(groups: readonly PointGroup[]): boolean {
  return groups.reduce((total, group) => total + lengthOf(group.points), 0) >= leastInk
}

/** Fingers and mice report one constant pressure; only a pen's varies. */
function hasPressure(points: readonly BasicPoint[]): boolean {
  const first = points[0]?.pressure
  return points.some((point) => point.pressure !== first)
}

function lengthOf(points: readonly BasicPoint[]): number {
  return points.reduce((total, point, index) => {
    const before = points[index - 1]
    return before ? total + Math.hypot(point.x - before.x, point.y - before.y) : total
  }, 0)
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
