import { useDisclosure } from '@mantine/hooks'
import { IconMenu2 } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import classes from './app-shell.module.css'
import { Dialog } from './dialog'
import { SideLinks } from './side-links'
import { SiteHeader } from './site-header'

/** The sender's pages: header, side navigation (a drawer on narrow screens), and the page. */
export function AppShell({ children }: { children: ReactNode }) {
  const { t } = useTranslation()
  const [opened, { open, close }] = useDisclosure(false)
  return (
    <>
      <SiteHeader
        home="/envelopes"
        before={
          <button type="button" className={classes.open} onClick={open} aria-label={t('nav.open')}>
            <IconMenu2 aria-hidden />
          </button>
        }
      />
      <Dialog place="side" opened={opened} close={close} title={t('nav.label')}>
        <nav aria-label={t('nav.label')}>
          <SideLinks onFollow={close} />
        </nav>
      </Dialog>
      <div className={classes.shell}>
        <nav className={classes.nav} aria-label={t('nav.label')}>
          <SideLinks />
        </nav>
        <div className={classes.content}>{children}</div>
      </div>
    </>
  )
}
