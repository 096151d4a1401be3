import { createFileRoute, Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { AuthPage } from '@/features/account/auth-page'
import { LogInForm } from '@/features/account/log-in-form'

interface LoginSearch {
  /** Where to go afterwards: a path of this site. */
  next?: string
}

export const Route = createFileRoute('/login')({
  validateSearch: (search: Record<string, unknown>): LoginSearch => {
    const next = typeof search.next === 'string' && /^\/(?![/\\])/.test(search.next) ? search.next : undefined
    return next ? { next } : {}
  },
  component: LogInPage,
})

function LogInPage() {
  const { t } = useTranslation('account')
  const { next } = Route.useSearch()
  return (
    <AuthPage
      title={t('login.title')}
      below={
        <>
          {t('login.no_account')} <Link to="/signup">{t('signup.title')}</Link>
        </>
      }
    >
      <LogInForm next={next} />
    </AuthPage>
  )
}
