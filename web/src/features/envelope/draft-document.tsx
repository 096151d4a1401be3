import { Alert, Button } from '@mantine/core'
import { IconInfoCircle } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { documentUrl, removeDocument } from '@/api/envelopes'
import type { Envelope, EnvelopeDocument } from '@/api/types'
import { useFormat } from '@/i18n/format'
import { PdfView } from '@/pdf/pdf-view'
import { ProblemAlert } from '@/ui/problem-alert'
import classes from './draft-document.module.css'

interface DraftDocumentProps {
  envelope: Envelope
  document: EnvelopeDocument
  onFile: (file: File) => void
  onChange: (envelope: Envelope) => void
}

/** The uploaded document: its first page, its facts, and what is special about it. */
export function DraftDocument({ envelope, document, onFile, onChange }: DraftDocumentProps) {
  const { t } = useTranslation('envelope')
  const { t: common } = useTranslation()
  const format = useFormat()
  const input = useId()
  const remove = useMutation({
    mutationFn: () => removeDocument(envelope.id, document.id),
    onSuccess: onChange,
  })
  const drop = (event: React.DragEvent) => {
    event.preventDefault()
    const file = event.dataTransfer.files[0]
    if (file) onFile(file)
  }
  const notes = documentNotes(document)
  return (
    <section aria-label={document.name} onDragOver={(event) => event.preventDefault()} onDrop={drop}>
      <div className={classes.card}>
        <div className={classes.thumb} aria-hidden="true">
          <PdfView src={documentUrl(envelope.id, document.id)} pages={document.page_sizes.slice(0, 1)} maxWidth={108} />
        </div>
        <div className={classes.facts}>
          <h2 className={classes.name}>{document.name}</h2>
          <p className={classes.detail}>
            {t('document.facts', {
              count: document.pages,
              pages: format.number(document.pages),
              size: format.bytes(document.size),
            })}
          </p>
          <p className={classes.detail}>
            SHA-256 <code title={document.sha256}>{shortHash(document.sha256)}</code>
          </p>
          <div className={classes.acts}>
            <Button
              component="a"
              href={documentUrl(envelope.id, document.id)}
              target="_blank"
              variant="default"
              size="sm"
            >
              {common('open')}
            </Button>
            <input
              id={input}
              type="file"
              accept="application/pdf,.pdf"
              className={`visually-hidden ${classes.input}`}
              onChange={(event) => {
                const file = event.currentTarget.files?.[0]
                if (file) onFile(file)
                event.currentTarget.value = ''
              }}
            />
            <label htmlFor={input} className={classes.replace}>
              {t('document.replace')}
            </label>
            <Button variant="default" size="sm" loading={remove.isPending} onClick={() => remove.mutate()}>
              {common('remove')}
            </Button>
          </div>
        </div>
      </div>
      <ProblemAlert error={remove.error} mt="md" takeFocus />
      {notes.map((note) => (
        <Alert key={note} color="amber" icon={<IconInfoCircle aria-hidden />} mt="md">
          {t(`document.${note}`, { count: document.existing_signatures })}
        </Alert>
      ))}
    </section>
  )
}

function documentNotes(document: EnvelopeDocument) {
  const notes: ('signed' | 'certified' | 'form')[] = []
  if (document.certification === 1) notes.push('certified')
  else if (document.existing_signatures > 0) notes.push('signed')
  else if (document.has_form) notes.push('form')
  return notes
}

export function shortHash(hash: string): string {
  return hash.length > 12 ? `${hash.slice(0, 4)}…${hash.slice(-4)}` : hash
}
