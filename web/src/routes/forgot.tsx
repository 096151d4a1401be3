import { createFileRoute, Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { AuthPage } from '@/features/account/auth-page'
import { ForgotForm } from '@/features/account/forgot-form'

export const Route = createFileRoute('/forgot')({ component: ForgotPage })

function ForgotPage() {
  const { t } = useTranslation('account')
  return (
    <AuthPage title={t('forgot.title')} lead={t('forgot.lead')} below={<Link to="/login">{t('verify.to_login')}</Link>}>
      <ForgotForm />
    </AuthPage>
  )
}
