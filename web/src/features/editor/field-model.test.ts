import { describe, expect, it } from 'vitest'
import { boxAround, dragCorner, moveBox, resizeBox } from './field-model'

const a4 = { width: 595.28, height: 841.89 }
const box = { x: 100, y: 100, width: 150, height: 54 }

describe('a field on its page', () => {
  it('is placed with its middle at the point, and on the page', () => {
    expect(boxAround({ x: 300, y: 400 }, 'signature', a4)).toEqual({ x: 225, y: 373, width: 150, height: 54 })
    expect(boxAround({ x: 0, y: 0 }, 'seal', a4)).toEqual({ x: 0, y: 0, width: 113.39, height: 113.39 })
  })

  it('shrinks, with its proportions, to a page that is smaller than it', () => {
    const placed = boxAround({ x: 30, y: 30 }, 'seal', { width: 60, height: 80 })
    expect(placed).toEqual({ x: 0, y: 0, width: 60, height: 60 })
  })

  it('does not leave the page when it is moved', () => {
    expect(moveBox(box, -500, 5000, a4)).toEqual({ ...box, x: 0, y: 787.89 })
  })

  it('is resized between its least size and the edge of the page', () => {
    expect(resizeBox(box, { width: 1, height: 9999 }, 'text', a4)).toEqual({ ...box, width: 12, height: 741.89 })
  })

  it('stays round when it is a seal', () => {
    const seal = { x: 100, y: 100, width: 113.4, height: 113.4 }
    expect(resizeBox(seal, { width: 130, height: 113.4 }, 'seal', a4)).toEqual({ ...seal, width: 130, height: 130 })
    const corner = dragCorner(seal, 'nw', -20, -5, 'seal', a4)
    expect(corner.width).toBe(corner.height)
    expect(corner.x + corner.width).toBeCloseTo(213.4, 1)
    expect(corner.y + corner.height).toBeCloseTo(213.4, 1)
  })

  it('keeps the corner across where it is', () => {
    expect(dragCorner(box, 'se', 10, 20, 'signature', a4)).toEqual({ ...box, width: 160, height: 74 })
    expect(dragCorner(box, 'nw', 10, 20, 'signature', a4)).toEqual({ x: 110, y: 120, width: 140, height: 34 })
    expect(dragCorner(box, 'nw', -900, -900, 'signature', a4)).toEqual({ x: 0, y: 0, width: 250, height: 154 })
  })
})
