import { ActionIcon, Button, Menu, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconDots, IconTrash } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { deleteEnvelope } from '@/api/envelopes'
import type { Envelope } from '@/api/types'
import { Dialog, DialogActs } from '@/ui/dialog'
import { ProblemAlert } from '@/ui/problem-alert'

/** Deletes a draft, once asked whether that is meant. */
export function DeleteDraft({ envelope }: { envelope: Envelope }) {
  const { t } = useTranslation('envelope')
  const [opened, { open, close }] = useDisclosure(false)
  const more = useRef<HTMLButtonElement>(null)
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
  // The item goes with its menu: the focus comes back to the button that stays.
  const ask = () => {
    more.current?.focus()
    open()
  }
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon ref={more} variant="default" size={44} aria-label={t('delete.more')}>
            <IconDots size={20} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconTrash size={18} aria-hidden />} onClick={ask} mih={44}>
            {t('delete.draft')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
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
