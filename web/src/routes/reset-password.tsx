import { Text } from '@mantine/core'
import { createFileRoute, Link, useLocation } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { AuthPage } from '@/features/account/auth-page'
import { fragmentToken } from '@/features/account/fragment-token'
import { NewPasswordForm } from '@/features/account/new-password-form'

export const Route = createFileRoute('/reset-password')({ component: ResetPasswordPage })

function ResetPasswordPage() {
  const { t } = useTranslation('account')
  const token = fragmentToken(useLocation({ select: (location) => location.hash }))
  return (
    <AuthPage title={t('reset.title')} below={<Link to="/forgot">{t('reset.ask_again')}</Link>}>
      {token ? <NewPasswordForm token={token} /> : <Text>{t('reset.no_token')}</Text>}
    </AuthPage>
  )
}
