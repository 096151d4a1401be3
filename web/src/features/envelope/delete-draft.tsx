import { Button, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconTrash } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { deleteEnvelope } from '@/api/envelopes'
import type { Envelope } from '@/api/types'
import { Dialog, DialogActs } from '@/ui/dialog'
import { ProblemAlert } from '@/ui/problem-alert'

/** Deletes a draft, once asked whether that is meant. */
export function DeleteDraft({ envelope }: { envelope: Envelope }) {
  const { t } = useTranslation('envelope')
  const [opened, { open, close }] = useDisclosure(false)
  const navigate = useNavigate()
  const queryClient = useQueryClient()
  const mutation = useMutation({
    mutationFn: () => deleteEnvelope(envelope.id),
    onSuccess: async () => {
      await navigate({ to: '/envelopes' })
      queryClient.removeQueries({ queryKey: ['envelope', envelope.id] })
      await queryClient.invalidateQueries({ queryKey: ['envelopes'] })
    },
  })
  return (
    <>
      <Button
        variant="subtle"
        color="gray"
        c="gray.7"
        px="sm"
        leftSection={<IconTrash size={18} aria-hidden />}
        onClick={open}
      >
        {t('delete.draft')}
      </Button>
      <Dialog opened={opened} close={close} title={t('delete.title')}>
        <Text>{t('delete.text', { title: envelope.title || t('untitled') })}</Text>
        <ProblemAlert error={mutation.error} mt="md" takeFocus />
        <DialogActs>
          <Button variant="default" onClick={close} data-autofocus>
            {t('delete.keep')}
          </Button>
          <Button loading={mutation.isPending} onClick={() => mutation.mutate()}>
            {t('delete.draft')}
          </Button>
        </DialogActs>
      </Dialog>
    </>
  )
}
