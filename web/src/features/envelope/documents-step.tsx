import { TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { serverQuery } from '@/api/account'
import { changeEnvelope } from '@/api/envelopes'
import { useFormat } from '@/i18n/format'
import { FileDrop } from '@/ui/file-drop'
import { DraftDocument } from './draft-document'
import { StepFrame } from './step-frame'
import { UploadProgress } from './upload-progress'
import { useAutosave } from './use-autosave'
import { useDocumentUpload } from './use-document-upload'
import { useEnvelope } from './use-envelope'

export function DocumentsStep({ id }: { id: string }) {
  const { t } = useTranslation('envelope')
  const format = useFormat()
  const { envelope, keep } = useEnvelope(id)
  const server = useQuery(serverQuery)
  const [title, setTitle] = useState(envelope.title)
  const { state, flush } = useAutosave({
    value: title.trim(),
    save: (value) => changeEnvelope(id, { title: value }),
    onSaved: (_, answer) => keep(answer),
  })
  const limit = server.data?.limits.upload_bytes
  const upload = useDocumentUpload({
    envelope,
    limit,
    onRestored: keep,
    onDone: (answer, file) => {
      keep(answer)
      if (!title.trim()) setTitle(answer.title || titleFrom(file.name))
    },
  })
  const document = envelope.documents[0]
  const busy = upload.state.kind === 'uploading' || upload.state.kind === 'checking'

  return (
    <StepFrame envelope={envelope} step="documents" state={state} flush={flush}>
      <TextInput
        label={t('title_label')}
        description={t('title_hint')}
        value={title}
        onChange={(event) => setTitle(event.currentTarget.value)}
        maxLength={200}
        mb="lg"
      />
      <UploadProgress state={upload.state} onStop={upload.stop} />
      {document && !busy ? (
        <DraftDocument envelope={envelope} document={document} onFile={upload.send} onChange={keep} />
      ) : null}
      {!document && !busy ? (
        <FileDrop
          title={t('upload.title')}
          hint={
            limit && server.data
              ? t('upload.hint', { size: format.bytes(limit), pages: format.number(server.data.limits.pages) })
              : t('upload.hint_plain')
          }
          choose={t('upload.choose')}
          onFile={upload.send}
        />
      ) : null}
    </StepFrame>
  )
}

/** `purchase-contract_2026.PDF` → `purchase-contract_2026` */
export function titleFrom(fileName: string): string {
  return fileName.replace(/\.pdf$/i, '').trim()
}
