import { createFileRoute, Link, useLocation } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { AuthPage } from '@/features/account/auth-page'
import { CheckMail } from '@/features/account/check-mail'
import { fragmentToken } from '@/features/account/fragment-token'
import { VerifyToken } from '@/features/account/verify-token'

export const Route = createFileRoute('/verify-email')({
  validateSearch: (search: Record<string, unknown>): { email?: string } =>
    typeof search.email === 'string' ? { email: search.email } : {},
  component: VerifyEmailPage,
})

function VerifyEmailPage() {
  const { t } = useTranslation('account')
  const { email } = Route.useSearch()
  const token = fragmentToken(useLocation({ select: (location) => location.hash }))
  return (
    <AuthPage title={t('verify.title')} below={token ? null : <Link to="/login">{t('verify.to_login')}</Link>}>
      {token ? (
        <VerifyToken token={token} />
      ) : (
        <CheckMail text={email ? t('verify.sent', { email }) : t('verify.sent_somewhere')} resendTo={email} />
      )}
    </AuthPage>
  )
}
