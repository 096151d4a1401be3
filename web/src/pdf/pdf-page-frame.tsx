import { Loader } from '@mantine/core'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { PdfDocument } from './document'
import { PageCanvas } from './page-canvas'
import type { PdfPageView } from './pdf-view'
import classes from './pdf-view.module.css'

interface PdfPageFrameProps {
  document: PdfDocument | null
  view: PdfPageView
  count: number
  onMostInView?: (page: number) => void
  overlay?: (page: PdfPageView) => ReactNode
}

/** One page's place: drawn while it is near the screen, and empty paper of the right size before and after. */
export function PdfPageFrame({ document, view, count, onMostInView, overlay }: PdfPageFrameProps) {
  const { t } = useTranslation()
  const frame = useRef<HTMLElement>(null)
  const [near, setNear] = useState(view.number <= 2)
  const told = useRef(onMostInView)
  told.current = onMostInView

  useEffect(() => {
    const element = frame.current
    if (!element || typeof IntersectionObserver === 'undefined') return
    const nearby = new IntersectionObserver((entries) => setNear(entries.some((entry) => entry.isIntersecting)), {
      rootMargin: '800px 0px',
    })
    const middle = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) told.current?.(view.number)
      },
      { rootMargin: '-49% 0px -49% 0px' },
    )
    nearby.observe(element)
    middle.observe(element)
    return () => {
      nearby.disconnect()
      middle.disconnect()
    }
  }, [view.number])

  return (
    <section
      ref={frame}
      className={classes.page}
      style={{ width: view.width * view.scale, height: view.height * view.scale }}
      data-page={view.number}
      aria-label={t('pdf.page', { page: view.number, count })}
    >
      <span data-scroll-marker style={{ position: 'absolute', top: 0 }} />
      {document && near ? (
        <PageCanvas document={document} number={view.number} scale={view.scale} />
      ) : (
        <div className={classes.wait}>{near ? <Loader size="sm" role="status" aria-label={t('loading')} /> : null}</div>
      )}
      {overlay ? <div className={classes.overlay}>{overlay(view)}</div> : null}
    </section>
  )
}
