import { Button } from '@mantine/core'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { documentUrl } from '@/features/signing/api'
import { noteDrawn } from '@/features/signing/confirm/shown'
import { useSigning } from '@/features/signing/signing-context'
import { StepBar } from '@/features/signing/step-bar'
import { PdfView, type PdfViewHandle } from '@/pdf/pdf-view'
import { useDocumentTitle } from '@/ui/page'
import { ProblemAlert } from '@/ui/problem-alert'
import classes from './document.module.css'
import { DocumentMenu } from './document-menu'
import { DocumentNote } from './document-note'
import { FieldSheet } from './field-sheet'
import { MarkBox } from './mark-box'
import { OwnFieldBox } from './own-field-box'
import { useDrafts } from './use-drafts'
import { useGuide } from './use-guide'

/** The document at full width, the signer's own places on it, and the way from one to the next. */
export function DocumentScreen() {
  const { t } = useTranslation('signing')
  const { rcp, ceremony, go } = useSigning()
  const document = ceremony.envelope.documents[0]
  const drafts = useDrafts(rcp, ceremony)
  const view = useRef<PdfViewHandle>(null)
  const [page, setPage] = useState(1)
  const [zoom, setZoom] = useState(1)
  const goOn = () =>
    void drafts.finish().then(
      ({ step }) => go(step === 'document' ? 'document' : afterReading(step)),
      () => {},
    )
  const guide = useGuide({ ceremony, values: drafts.values, view, goOn })
  useDocumentTitle([t('document.title'), ceremony.envelope.title].filter(Boolean).join(' · '))
  if (!document) return null

  return (
    <>
      <main id="main" tabIndex={-1} className={classes.desk}>
        <h1 className="visually-hidden">{t('document.title')}</h1>
        <div className={classes.pages}>
          <ProblemAlert error={drafts.error} takeFocus mb="sm" />
          <PdfView
            key={document.sha256}
            ref={view}
            src={documentUrl(rcp, document.id)}
            pages={document.page_sizes}
            zoom={zoom}
            maxWidth={900}
            onReady={(drawn) => noteDrawn(documentUrl(rcp, document.id), drawn.getData())}
            onPageChange={setPage}
            overlay={({ number, scale }) => (
              <>
                {ceremony.marks
                  .filter((mark) => mark.page === number)
                  .map((mark) => (
                    <MarkBox key={`${mark.x}/${mark.y}/${mark.name}`} mark={mark} scale={scale} />
                  ))}
                {guide.order
                  .filter((field) => field.page === number && field.document_id === document.id)
                  .map((field) => (
                    <OwnFieldBox key={field.id} field={field} scale={scale} drafts={drafts} guide={guide} />
                  ))}
              </>
            )}
          />
        </div>
      </main>
      <StepBar
        wide
        note={<DocumentNote guide={guide} page={page} pages={document.pages} saving={drafts.state} />}
        menu={
          <DocumentMenu
            openList={() => guide.openSheet(null)}
            download={documentUrl(rcp, document.id, true)}
            zoom={zoom}
            setZoom={setZoom}
          />
        }
      >
        <Button onClick={guide.next} loading={drafts.pending && guide.leaving}>
          {guide.label}
        </Button>
      </StepBar>
      <FieldSheet guide={guide} drafts={drafts} />
    </>
  )
}

/** After reading comes the signature, also for a signer who went back from the last look to read again. */
function afterReading(step: string) {
  return step === 'key' || step === 'confirm' ? (step as 'key' | 'confirm') : 'impression'
}
