import type { PointGroup } from 'signature_pad'
import { describe, expect, it } from 'vitest'
import { imageFault, readBase64 } from './read-image'
import { fitGroups, isInk, toStrokes } from './strokes'
import { svgAddress } from './svg-address'

const group = (points: [number, number, number, number][]) =>
  ({ points: points.map(([x, y, time, pressure]) => ({ x, y, time, pressure })) }) as PointGroup

describe('strokes', () => {
  it('keep their shape when the pad is turned', () => {
    const [turned] = fitGroups(
      [
        group([
          [0, 0, 1, 0],
          [100, 50, 2, 0],
        ]),
      ],
      { width: 100, height: 50 },
      { width: 50, height: 100 },
    )
    expect(turned?.points.map(({ x, y }) => [x, y])).toEqual([
      [0, 37.5],
      [50, 62.5],
    ])
  })

  it('are sent with times from the first point, and with pressure only where a pen gave it', () => {
    const finger = group([
      [1.2345, 2, 1000, 0.5],
      [3, 4, 1016.4, 0.5],
    ])
    const pen = group([
      [5, 6, 2000, 0.2],
      [7, 8, 2010, 0.8],
    ])
    expect(toStrokes([finger, group([]), pen])).toEqual([
      [
        { x: 1.23, y: 2, t: 0 },
        { x: 3, y: 4, t: 16 },
      ],
      [
        { x: 5, y: 6, t: 1000, p: 0.2 },
        { x: 7, y: 8, t: 1010, p: 0.8 },
      ],
    ])
  })

  it('are no signature while they are only a slip', () => {
    expect(
      isInk([
        group([
          [0, 0, 0, 0],
          [3, 3, 1, 0],
        ]),
      ]),
    ).toBe(false)
    expect(
      isInk([
        group([
          [0, 0, 0, 0],
          [60, 0, 1, 0],
        ]),
      ]),
    ).toBe(true)
    expect(isInk([])).toBe(false)
  })
})

describe('pictures', () => {
  it('are told from other files before they are sent', async () => {
    expect(imageFault({ type: 'image/png', size: 10 })).toBeNull()
    expect(imageFault({ type: 'application/pdf', size: 10 })).toBe('format')
    expect(imageFault({ type: 'image/jpeg', size: 5_000_000 })).toBe('size')
    expect(await readBase64(new Blob(['seal']))).toBe(btoa('seal'))
  })

  it('carry an SVG as an address, whatever stands in it', () => {
    expect(svgAddress('<svg a="#1"/>')).toBe('data:image/svg+xml;charset=utf-8,%3Csvg%20a%3D%22%231%22%2F%3E')
  })
})
