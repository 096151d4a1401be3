import { IconFileUpload, IconUserPlus } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { StepFrame } from '@/features/envelope/step-frame'
import { stepAddress } from '@/features/envelope/steps'
import { useEnvelope } from '@/features/envelope/use-envelope'
import { EmptyState } from '@/ui/empty-state'
import { LinkButton } from '@/ui/link-button'
import { FieldEditorView } from './field-editor-view'

export function FieldsStep({ id }: { id: string }) {
  const { t } = useTranslation('editor')
  const { t: step } = useTranslation('envelope')
  const { envelope, keep } = useEnvelope(id)
  const params = { envelopeId: id }
  const document = envelope.documents[0]

  if (document && envelope.recipients.length > 0) {
    return <FieldEditorView key={document.id} envelope={envelope} document={document} keep={keep} />
  }
  return (
    <StepFrame envelope={envelope} step="fields" state={{ kind: 'saved' }} flush={() => Promise.resolve(true)}>
      {document ? (
        <EmptyState
          icon={<IconUserPlus />}
          title={t('empty.recipients')}
          actions={
            <LinkButton to={stepAddress.recipients} params={params}>
              {step('step.recipients')}
            </LinkButton>
          }
        >
          {t('empty.recipients_text')}
        </EmptyState>
      ) : (
        <EmptyState
          icon={<IconFileUpload />}
          title={t('empty.document')}
          actions={
            <LinkButton to={stepAddress.documents} params={params}>
              {step('step.documents')}
            </LinkButton>
          }
        >
          {t('empty.document_text')}
        </EmptyState>
      )}
    </StepFrame>
  )
}
