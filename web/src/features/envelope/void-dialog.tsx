import { Button, Text, Textarea } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { voidEnvelope } from '@/api/envelopes'
import type { Envelope } from '@/api/types'
import { Dialog, DialogActs } from '@/ui/dialog'
import { ProblemAlert } from '@/ui/problem-alert'
import { useEnvelope } from './use-envelope'

/** Takes a sent envelope back: says what that means, asks why, and tells the recipients. */
export function VoidDialog({ envelope }: { envelope: Envelope }) {
  const { t } = useTranslation('envelope')
  const [opened, { open, close }] = useDisclosure(false)
  const [reason, setReason] = useState('')
  const { keep } = useEnvelope(envelope.id)
  const queryClient = useQueryClient()
  const mutation = useMutation({
    mutationFn: () => voidEnvelope(envelope.id, reason.trim()),
    onSuccess: (answer) => {
      keep(answer)
      close()
      return queryClient.invalidateQueries({ queryKey: ['envelope', envelope.id, 'events'] })
    },
  })
  return (
    <>
      <Button variant="default" onClick={open}>
        {t('void.open')}
      </Button>
      <Dialog opened={opened} close={close} title={t('void.title')}>
        <Text mb="md">{t('void.text')}</Text>
        <Textarea
          label={t('void.reason')}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          minRows={3}
          autosize
          maxLength={500}
          data-autofocus
        />
        <ProblemAlert error={mutation.error} mt="md" takeFocus />
        <DialogActs>
          <Button variant="default" onClick={close}>
            {t('void.keep')}
          </Button>
          <Button loading={mutation.isPending} disabled={!reason.trim()} onClick={() => mutation.mutate()}>
            {t('void.confirm')}
          </Button>
        </DialogActs>
      </Dialog>
    </>
  )
}
