import type { PDFDocumentLoadingTask, PDFDocumentProxy, PDFPageProxy } from 'pdfjs-dist'

export type PdfDocument = PDFDocumentProxy
export type PdfPage = PDFPageProxy

/** A same-origin address, or the bytes of a file that the reader chose. */
export type PdfSource = string | Uint8Array

export interface OpeningPdf {
  document: Promise<PdfDocument>
  close: () => void
}

/**
 * Opens a PDF. PDF.js and its worker are loaded here and nowhere else, on first use:
 * no page may name `pdfjs-dist` at its top level.
 */
export function openPdf(source: PdfSource): OpeningPdf {
  let task: PDFDocumentLoadingTask | undefined
  let closed = false
  const document = loadPdfjs().then((pdfjs) => {
    if (closed) throw new DOMException('closed before it was open', 'AbortError')
    task = pdfjs.getDocument({
      ...(typeof source === 'string' ? { url: source, withCredentials: true } : { data: source.slice() }),
      cMapUrl: '/pdfjs/cmaps/',
      cMapPacked: true,
      standardFontDataUrl: '/pdfjs/standard_fonts/',
      wasmUrl: '/pdfjs/wasm/',
      iccUrl: '/pdfjs/iccs/',
      isEvalSupported: false,
      enableXfa: false,
      useWorkerFetch: false, // the page's own policy then governs every request
    })
    return task.promise
  })
  return {
    document,
    close: () => {
      closed = true
      document.catch(() => {})
      void task?.destroy()
    },
  }
}

let loading: Promise<typeof import('pdfjs-dist')> | undefined

export function loadPdfjs(): Promise<typeof import('pdfjs-dist')> {
  loading ??= Promise.all([import('pdfjs-dist'), import('pdfjs-dist/build/pdf.worker.min.mjs?url')]).then(
    ([pdfjs, worker]) => {
      pdfjs.GlobalWorkerOptions.workerSrc = worker.default
      return pdfjs
    },
    (error: unknown) => {
      loading = undefined
      throw error
    },
  )
  return loading
}
