import { Button, Group } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { type ReactNode, type Ref, useEffect, useImperativeHandle, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ProblemAlert } from '@/ui/problem-alert'
import type { PdfDocument, PdfSource } from './document'
import { type Size, scaleToFit } from './geometry'
import { PdfPageFrame } from './pdf-page-frame'
import classes from './pdf-view.module.css'
import { usePdf } from './use-pdf'

/** What an overlay gets: which page, its size in points, and how many CSS pixels a point has. */
export interface PdfPageView extends Size {
  number: number
  scale: number
}

export interface PdfViewHandle {
  /** Scrolls so that a page, or a place on it (points from its top), can be seen. */
  scrollTo: (page: number, y?: number) => void
}

interface PdfViewProps {
  src: PdfSource
  /** Sizes of the displayed pages in points, so that all is in place before the file is. */
  pages: readonly Size[]
  /** 1 fills the width. */
  zoom?: number
  /** No page is drawn wider than this, in CSS pixels, at zoom 1. */
  maxWidth?: number
  onReady?: (document: PdfDocument) => void
  /** The page that is most in view. */
  onPageChange?: (page: number) => void
  /** Laid over a page, in a box of the page's own size that lets the pointer through. */
  overlay?: (page: PdfPageView) => ReactNode
  ref?: Ref<PdfViewHandle>
}

/** The pages of a PDF, one under the other. Only those near the screen are drawn; overlays are always there. */
export function PdfView({ src, pages, zoom = 1, maxWidth = 1000, onReady, onPageChange, overlay, ref }: PdfViewProps) {
  const { t } = useTranslation()
  const [attempt, setAttempt] = useState(0)
  const { document, error } = usePdf(src, attempt)
  const { ref: box, width } = useElementSize()
  const container = useRef<HTMLDivElement>(null)
  const scale = useMemo(() => scaleToFit(pages, Math.min(width || 320, maxWidth), zoom), [pages, width, maxWidth, zoom])
  const ready = useRef(onReady)
  ready.current = onReady

  useEffect(() => {
    if (document) ready.current?.(document)
  }, [document])

  useImperativeHandle(
    ref,
    () => ({
      scrollTo: (page, y = 0) => {
        const frame = container.current?.querySelector<HTMLElement>(`[data-page="${page}"]`)
        if (!frame) return
        const calm = window.matchMedia('(prefers-reduced-motion: reduce)').matches
        const marker = frame.querySelector<HTMLElement>('[data-scroll-marker]')
        if (marker) marker.style.top = `${Math.max(0, y * scale - 40)}px`
        ;(marker ?? frame).scrollIntoView({ block: 'start', behavior: calm ? 'auto' : 'smooth' })
      },
    }),
    [scale],
  )

  return (
    <div ref={box} className={classes.view}>
      {error ? (
        <ProblemAlert error={error} title={t('pdf.failed')} mb="md">
          <Group mt="sm">
            <Button variant="default" size="sm" onClick={() => setAttempt(attempt + 1)}>
              {t('again')}
            </Button>
          </Group>
        </ProblemAlert>
      ) : null}
      <div ref={container} className={classes.pages}>
        {width > 0
          ? pages.map((size, index) => (
              <PdfPageFrame
                // biome-ignore lint/suspicious/noArrayIndexKey: a page is its number
                key={index}
                document={document}
                view={{ number: index + 1, scale, width: size.width, height: size.height }}
                count={pages.length}
                onMostInView={onPageChange}
                overlay={overlay}
              />
            ))
          : null}
      </div>
    </div>
  )
}
