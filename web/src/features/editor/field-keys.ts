import type { Box, Size } from '@/pdf/geometry'
import { type EditorField, moveBox, resizeBox } from './field-model'

interface KeyPress {
  key: string
  shiftKey: boolean
  altKey: boolean
  ctrlKey: boolean
  metaKey: boolean
}

export type FieldCommand =
  | { do: 'box'; box: Box }
  | { do: 'page'; page: number }
  | { do: 'remove' }
  | { do: 'duplicate' }
  | { do: 'deselect' }

const arrows: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
}

/**
 * What a key does to the selected field: arrows move it by a point, with Shift by ten; Alt and arrows resize it;
 * Page Up and Page Down carry it to the next page; Delete removes it; Ctrl+D doubles it; Escape lets go.
 */
export function fieldCommand(press: KeyPress, field: EditorField, page: Size, pages: number): FieldCommand | null {
  const arrow = arrows[press.key]
  if (arrow && !press.ctrlKey && !press.metaKey) {
    const step = press.shiftKey ? 10 : 1
    const [dx, dy] = [arrow[0] * step, arrow[1] * step]
    const { x, y, width, height } = field
    const box = { x, y, width, height }
    if (press.altKey) {
      const size = { width: width + dx, height: height + dy }
      return { do: 'box', box: resizeBox(box, size, field.type, page) }
    }
    return { do: 'box', box: moveBox(box, dx, dy, page) }
  }
  if (press.key === 'PageDown' && field.page < pages) return { do: 'page', page: field.page + 1 }
  if (press.key === 'PageUp' && field.page > 1) return { do: 'page', page: field.page - 1 }
  if (press.key === 'Delete' || press.key === 'Backspace') return { do: 'remove' }
  if (press.key.toLowerCase() === 'd' && (press.ctrlKey || press.metaKey)) return { do: 'duplicate' }
  if (press.key === 'Escape') return { do: 'deselect' }
  return null
}
