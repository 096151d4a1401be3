import { describe, expect, it } from 'vitest'
import { boxToPixels, keepInside, pointFromPixels, roundBox, scaleToFit, toMillimetres, toPoints } from './geometry'

const a4 = { width: 595.28, height: 841.89 }

describe('geometry', () => {
  it('fits the widest page into the width there is', () => {
    expect(scaleToFit([{ width: 300, height: 400 }, a4], 595.28)).toBeCloseTo(1)
    expect(scaleToFit([a4], 297.64)).toBeCloseTo(0.5)
    expect(scaleToFit([a4], 297.64, 2)).toBeCloseTo(1)
  })

  it('survives a document without pages and a view without width', () => {
    expect(scaleToFit([], 100)).toBe(100)
    expect(scaleToFit([a4], 0)).toBeGreaterThan(0)
  })

  it('comes back from pixels to the same point', () => {
    const scale = 1.37
    const pixels = boxToPixels({ x: 72.25, y: 144.5, width: 100, height: 50 }, scale)
    const point = pointFromPixels(pixels, scale)
    expect(point.x).toBeCloseTo(72.25, 10)
    expect(point.y).toBeCloseTo(144.5, 10)
  })

  it('knows that 40 mm are 113.4 points', () => {
    expect(toPoints(40)).toBeCloseTo(113.39, 2)
    expect(toMillimetres(toPoints(40))).toBeCloseTo(40, 10)
  })

  it('moves a box back onto the page, and shrinks one that is larger than it', () => {
    expect(keepInside({ x: -5, y: 900, width: 100, height: 50 }, a4)).toEqual({
      x: 0,
      y: 791.89,
      width: 100,
      height: 50,
    })
    expect(keepInside({ x: 10, y: 10, width: 900, height: 50 }, a4)).toEqual({ x: 0, y: 10, width: 595.28, height: 50 })
  })

  it('rounds to a hundredth of a point', () => {
    expect(roundBox({ x: 1.2345, y: 2, width: 3.999, height: 4.001 })).toEqual({ x: 1.23, y: 2, width: 4, height: 4 })
  })
})
