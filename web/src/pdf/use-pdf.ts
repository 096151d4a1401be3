import { useEffect, useState } from 'react'
import { openPdf, type PdfDocument, type PdfSource } from './document'

export interface PdfState {
  document: PdfDocument | null
  error: unknown
}

/** The open document for a source; closed again when the source changes or the page is left. */
export function usePdf(source: PdfSource, attempt = 0): PdfState {
  const [state, setState] = useState<PdfState>({ document: null, error: null })

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new attempt opens the same source again
  useEffect(() => {
    let current = true
    const opening = openPdf(source)
    opening.document.then(
      (document) => current && setState({ document, error: null }),
      (error: unknown) => current && setState({ document: null, error }),
    )
    return () => {
      current = false
      setState({ document: null, error: null })
      opening.close()
    }
  }, [source, attempt])

  return state
}
