import { Card } from '@mantine/core'
import type { ReactNode } from 'react'
import { Page } from '@/ui/page'
import { SiteHeader } from '@/ui/site-header'
import classes from './auth-page.module.css'

interface AuthPageProps {
  title: string
  lead?: ReactNode
  /** Under the card: the other way. */
  below?: ReactNode
  children: ReactNode
}

/** Sign-up, log-in and what belongs to them: one card in the middle. */
export function AuthPage({ title, lead, below, children }: AuthPageProps) {
  return (
    <>
      <SiteHeader />
      <Page title={title} lead={lead} width="narrow">
        <Card className={classes.card}>{children}</Card>
        {below ? <div className={classes.below}>{below}</div> : null}
      </Page>
    </>
  )
}
