import { type Point, pointFromPixels, type Size } from '@/pdf/geometry'

export interface PagePoint {
  page: number
  point: Point
  scale: number
}

/** The page at a place of the screen, and the point of it; null beside all pages. */
export function pageUnder(clientX: number, clientY: number, pages: readonly Size[]): PagePoint | null {
  for (const element of document.querySelectorAll<HTMLElement>('[data-page]')) {
    const rect = element.getBoundingClientRect()
    const inside = clientX >= rect.left && clientX <= rect.right && clientY >= rect.top && clientY <= rect.bottom
    const page = Number(element.dataset.page)
    const size = pages[page - 1]
    if (!inside || !size) continue
    const scale = rect.width / size.width
    return { page, scale, point: pointFromPixels({ x: clientX - rect.left, y: clientY - rect.top }, scale) }
  }
  return null
}
