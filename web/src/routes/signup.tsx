import { createFileRoute, Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { AuthPage } from '@/features/account/auth-page'
import { SignUpForm } from '@/features/account/sign-up-form'

export const Route = createFileRoute('/signup')({ component: SignUpPage })

function SignUpPage() {
  const { t } = useTranslation('account')
  return (
    <AuthPage
      title={t('signup.title')}
      lead={t('signup.lead')}
      below={
        <>
          {t('signup.have_account')} <Link to="/login">{t('login.title')}</Link>
        </>
      }
    >
      <SignUpForm />
    </AuthPage>
  )
}
