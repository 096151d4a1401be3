import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { remindRecipient } from '@/api/envelopes'
import type { Recipient } from '@/api/types'
import { ProblemAlert } from '@/ui/problem-alert'
import { shownName } from './envelope-problems'
import { useEnvelope } from './use-envelope'

/** Sends the invitation again, with a new link: the old one was never kept. */
export function RemindButton({ envelopeId, recipient }: { envelopeId: string; recipient: Recipient }) {
  const { t } = useTranslation('envelope')
  const { keep } = useEnvelope(envelopeId)
  const mutation = useMutation({ mutationFn: () => remindRecipient(envelopeId, recipient.id), onSuccess: keep })
  return (
    <>
      <Button
        variant="default"
        size="sm"
        loading={mutation.isPending}
        disabled={mutation.isSuccess}
        aria-label={t('page.remind_who', { name: shownName(recipient) })}
        onClick={() => mutation.mutate()}
      >
        {mutation.isSuccess ? t('page.reminded') : t('page.remind')}
      </Button>
      <span className="visually-hidden" role="status">
        {mutation.isSuccess ? t('page.reminded') : ''}
      </span>
      <ProblemAlert error={mutation.error} p="xs" />
    </>
  )
}
