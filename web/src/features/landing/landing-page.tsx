import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { serverQuery } from '@/api/account'
import { useAccount } from '@/features/account/session'
import { LinkButton } from '@/ui/link-button'
import { Page } from '@/ui/page'
import { SiteHeader } from '@/ui/site-header'
import { TrustBar } from '@/ui/trust-bar'
import classes from './landing.module.css'
import { LandingFacts } from './landing-facts'
import { SealSketch } from './seal-sketch'
import { TrySteps } from './try-steps'

export function LandingPage() {
  const { t } = useTranslation('landing')
  const account = useAccount()
  const server = useQuery(serverQuery)
  return (
    <>
      <SiteHeader />
      <Page title={t('title')} hideTitle>
        <section className={classes.hero}>
          <div>
            <h1 className={classes.title}>{t('title')}</h1>
            <p className={classes.lead}>{t('lead')}</p>
            <div className={classes.actions}>
              {account ? (
                <>
                  <LinkButton to="/envelopes/new">{t('new_envelope')}</LinkButton>
                  <LinkButton to="/envelopes" variant="default">
                    {t('your_envelopes')}
                  </LinkButton>
                </>
              ) : (
                <>
                  <LinkButton to="/signup">{t('begin')}</LinkButton>
                  <LinkButton to="/verify" variant="default">
                    {t('verify')}
                  </LinkButton>
                </>
              )}
            </div>
          </div>
          <SealSketch />
        </section>
        <TrustBar trust={server.data?.trust} />
        <TrySteps
          outbox={(server.data?.outbox ?? false) && !server.data?.mail}
          sandbox={server.data?.sandbox ?? false}
        />
        <LandingFacts />
        <section className={classes.verify} aria-labelledby="verify-title">
          <div>
            <h2 id="verify-title">{t('verify_title')}</h2>
            <p>{t('verify_text')}</p>
          </div>
          <LinkButton to="/verify" variant="default">
            {t('verify')}
          </LinkButton>
        </section>
      </Page>
    </>
  )
}
