import { Button, NativeSelect, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { IssuedCertificate, RevocationReason, StatusAction } from '@/api/types'
import { Dialog, DialogActs } from '@/ui/dialog'
import { ProblemAlert } from '@/ui/problem-alert'

interface ChangeDialogProps {
  certificate: IssuedCertificate
  action: StatusAction | null
  reasons: RevocationReason[]
  /** Whether a second administrator has to agree. */
  asks?: boolean
  act: (action: StatusAction, reason: RevocationReason) => Promise<unknown>
  close: () => void
}

/** Says what a change of status means before it is made, or asked for. */
export function ChangeDialog({ certificate, action, reasons, asks = false, act, close }: ChangeDialogProps) {
  const { t } = useTranslation('certificate')
  const { t: common } = useTranslation()
  const [reason, setReason] = useState<RevocationReason>(reasons[0] ?? 'unspecified')
  const mutation = useMutation({
    mutationFn: (asked: StatusAction) => act(asked, reason),
    onSuccess: close,
  })
  if (!action) return null
  return (
    <Dialog opened close={close} title={t(`${action}.title`, { name: certificate.name })}>
      <Text mb="md">{t(`${action}.text`)}</Text>
      {asks ? <Text mb="md">{t('four_eyes')}</Text> : null}
      {action === 'revoke' ? (
        <NativeSelect
          label={t('fact.reason')}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value as RevocationReason)}
          data={reasons.map((value) => ({ value, label: t(`reason.${value}`) }))}
          data-autofocus
        />
      ) : null}
      <ProblemAlert error={mutation.error} mt="md" takeFocus />
      <DialogActs>
        <Button variant="default" onClick={close}>
          {common('cancel')}
        </Button>
        <Button loading={mutation.isPending} onClick={() => mutation.mutate(action)}>
          {t(asks ? `${action}.ask` : `${action}.act`)}
        </Button>
      </DialogActs>
    </Dialog>
  )
}
