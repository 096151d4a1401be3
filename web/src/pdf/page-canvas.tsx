import { useEffect, useRef, useState } from 'react'
import { loadPdfjs, type PdfDocument, type PdfPage } from './document'
import classes from './pdf-view.module.css'

interface PageCanvasProps {
  document: PdfDocument
  number: number
  /** CSS pixels for one point. */
  scale: number
}

const mostPixels = 12_000_000 // canvases beyond this fail on phones

/** One drawn page: a canvas for the eye, a text layer for selection, search and screen readers. */
export function PageCanvas({ document, number, scale }: PageCanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const text = useRef<HTMLDivElement>(null)
  const [page, setPage] = useState<PdfPage | null>(null)

  useEffect(() => {
    let current = true
    document.getPage(number).then(
      (loaded) => current && setPage(loaded),
      () => {}, // the document was closed meanwhile
    )
    return () => {
      current = false
    }
  }, [document, number])

  useEffect(() => {
    if (!page || !canvas.current || !text.current) return
    const stopDrawing = draw(page, canvas.current, scale)
    const stopText = layText(page, text.current, scale)
    return () => {
      stopDrawing()
      stopText()
    }
  }, [page, scale])

  return (
    <>
      <canvas ref={canvas} className={classes.canvas} />
      <div ref={text} className={classes.text} />
    </>
  )
}

function draw(page: PdfPage, target: HTMLCanvasElement, scale: number): () => void {
  const plain = page.getViewport({ scale })
  const wanted = Math.min(window.devicePixelRatio || 1, 3)
  const ratio = Math.min(wanted, Math.sqrt(mostPixels / (plain.width * plain.height)))
  const viewport = page.getViewport({ scale: scale * ratio })
  // Drawn aside and shown when ready: zooming does not flash white.
  const buffer = window.document.createElement('canvas')
  buffer.width = Math.max(1, Math.floor(viewport.width))
  buffer.height = Math.max(1, Math.floor(viewport.height))
  const task = page.render({ canvas: buffer, viewport })
  task.promise.then(
    () => {
      target.width = buffer.width
      target.height = buffer.height
      target.getContext('2d')?.drawImage(buffer, 0, 0)
      target.dataset.drawn = 'true'
    },
    () => {}, // cancelled
  )
  return () => task.cancel()
}

function layText(page: PdfPage, container: HTMLDivElement, scale: number): () => void {
  let layer: { cancel: () => void } | undefined
  let current = true
  container.replaceChildren()
  container.style.setProperty('--total-scale-factor', String(scale * page.userUnit))
  container.style.setProperty('--scale-factor', String(scale))
  void loadPdfjs().then(({ TextLayer }) => {
    if (!current) return
    const made = new TextLayer({
      textContentSource: page.streamTextContent(),
      container,
      viewport: page.getViewport({ scale }),
    })
    layer = made
    made.render().catch(() => {})
  })
  return () => {
    current = false
    layer?.cancel()
  }
}
