import { type RefObject, useEffect, useRef, useState } from 'react'
import SignaturePad from 'signature_pad'
import { fitGroups, isInk, type PadSize, toStrokes } from './strokes'

const ink = '#1d1b19'

/** A signing pad on a canvas: keeps the drawing when the screen turns, and can take strokes back. */
export function usePad(canvas: RefObject<HTMLCanvasElement | null>) {
  const pad = useRef<SignaturePad | null>(null)
  const size = useRef<PadSize>({ width: 0, height: 0 })
  const [strokes, setStrokes] = useState(0)

  useEffect(() => {
    const element = canvas.current
    if (!element) return
    const made = new SignaturePad(element, { minWidth: 1, maxWidth: 3.4, minDistance: 2, throttle: 8, penColor: ink })
    pad.current = made
    const count = () => setStrokes(made.toData().length)
    made.addEventListener('endStroke', count)
    const observer = new ResizeObserver(() => resize(made, element, size))
    observer.observe(element)
    resize(made, element, size)
    return () => {
      observer.disconnect()
      made.removeEventListener('endStroke', count)
      made.off()
      pad.current = null
    }
  }, [canvas])

  const undo = () => {
    const groups = pad.current?.toData().slice(0, -1) ?? []
    pad.current?.fromData(groups)
    setStrokes(groups.length)
  }
  const clear = () => {
    pad.current?.clear()
    setStrokes(0)
  }
  /** The drawing, or null where there is none yet. */
  const take = () => {
    const groups = pad.current?.toData() ?? []
    return isInk(groups) ? { kind: 'drawn' as const, strokes: toStrokes(groups), ...size.current } : null
  }
  return { strokes, undo, clear, take }
}

function resize(pad: SignaturePad, element: HTMLCanvasElement, size: RefObject<PadSize>) {
  const next = { width: element.clientWidth, height: element.clientHeight }
  if (next.width === 0 || (next.width === size.current.width && next.height === size.current.height)) return
  const groups = fitGroups(pad.toData(), size.current, next)
  const ratio = Math.max(window.devicePixelRatio || 1, 1)
  element.width = next.width * ratio
  element.height = next.height * ratio
  element.getContext('2d')?.scale(ratio, ratio)
  size.current = next
  pad.fromData(groups)
}
