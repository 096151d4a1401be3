import { Button, Group, Modal, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconTrash } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { deleteEnvelope } from '@/api/envelopes'
import type { Envelope } from '@/api/types'
import { ProblemAlert } from '@/ui/problem-alert'

/** Deletes a draft, once asked whether that is meant. */
export function DeleteDraft({ envelope }: { envelope: Envelope }) {
  const { t } = useTranslation('envelope')
  const { t: common } = useTranslation()
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
      <Modal
        opened={opened}
        onClose={close}
        title={t('delete.title')}
        closeButtonProps={{ 'aria-label': common('close'), size: 'lg' }}
      >
        <Text>{t('delete.text', { title: envelope.title || t('untitled') })}</Text>
        <ProblemAlert error={mutation.error} mt="md" takeFocus />
        <Group mt="lg" justify="flex-end">
          <Button variant="default" onClick={close} data-autofocus>
            {t('delete.keep')}
          </Button>
          <Button loading={mutation.isPending} onClick={() => mutation.mutate()}>
            {t('delete.draft')}
          </Button>
        </Group>
      </Modal>
    </>
  )
}
