import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { LinkButton } from '@/ui/link-button'
import { useAccount } from './session'

// Its own chunk: most visitors of the public pages have no account, and the menu's positioning code is large.
const SignedInMenu = lazy(() => import('./signed-in-menu').then((module) => ({ default: module.SignedInMenu })))

/** Who is logged in, and the way out; or the way in. */
export function AccountMenu() {
  const { t } = useTranslation()
  const account = useAccount()
  if (account === undefined) return null
  if (account === null) {
    return (
      <LinkButton to="/login" variant="default" size="sm" px="md">
        {t('nav.login')}
      </LinkButton>
    )
  }
  return (
    <Suspense fallback={null}>
      <SignedInMenu account={account} />
    </Suspense>
  )
}
