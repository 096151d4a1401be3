import { Button, Group, Stack, Text } from '@mantine/core'
import { IconMail } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { resendVerification, serverQuery } from '@/api/account'
import { LinkButton } from '@/ui/link-button'
import { ProblemAlert } from '@/ui/problem-alert'

interface CheckMailProps {
  text: string
  /** Where the mail can be sent again. */
  resendTo?: string
}

/** A mail is on its way; under test trust, where to read it on this server. */
export function CheckMail({ text, resendTo }: CheckMailProps) {
  const { t } = useTranslation('account')
  const server = useQuery(serverQuery)
  const again = useMutation({ mutationFn: resendVerification })
  return (
    <Stack gap="md">
      <Group gap="sm" wrap="nowrap" align="flex-start">
        <IconMail aria-hidden style={{ flex: 'none', marginTop: 3 }} />
        <Text>{text}</Text>
      </Group>
      {server.data?.outbox && !server.data.mail ? (
        <Stack gap="xs">
          <Text c="dimmed" size="sm">
            {t('mail.outbox')}
          </Text>
          <LinkButton to="/outbox">{t('mail.open_outbox')}</LinkButton>
        </Stack>
      ) : null}
      <ProblemAlert error={again.error} takeFocus />
      {resendTo ? (
        <Group gap="sm">
          <Button variant="default" loading={again.isPending} onClick={() => again.mutate(resendTo)}>
            {t('mail.resend')}
          </Button>
          <Text component="span" size="sm" c="jade" aria-live="polite">
            {again.isSuccess ? t('mail.resent') : ''}
          </Text>
        </Group>
      ) : null}
    </Stack>
  )
}
