import type { ReactNode } from 'react'
import { changeAccount } from '@/api/account'
import { AccountMenu } from '@/features/account/account-menu'
import { useAccount, useSetAccount } from '@/features/account/session'
import type { Locale } from '@/i18n/locale'
import { Brand } from './brand'
import { LanguageSwitch } from './language-switch'
import classes from './site-header.module.css'
import { TrustChip } from './trust-bar'

interface SiteHeaderProps {
  /** What this part of the site is, beside the name. */
  title?: string
  /** Before the brand: the button that opens the side navigation. */
  before?: ReactNode
  home?: '/' | '/envelopes'
}

/** Name on the left; trust, language and account on the right. */
export function SiteHeader({ title, before, home = '/' }: SiteHeaderProps) {
  const account = useAccount()
  const setAccount = useSetAccount()
  // The mails to this account come in the language that is chosen here; a failure is no reason to stop reading.
  const keepLocale = (locale: Locale) => void changeAccount({ locale }).then(setAccount, () => {})
  return (
    <header className={classes.header}>
      <div className={classes.side}>
        {before}
        <Brand to={home} />
        {title ? <span className={classes.title}>{title}</span> : null}
      </div>
      <div className={classes.side}>
        <TrustChip />
        <LanguageSwitch onChange={account ? keepLocale : undefined} />
        <AccountMenu />
      </div>
    </header>
  )
}
