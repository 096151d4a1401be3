import { Button, Skeleton } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { LinkButton } from '@/ui/link-button'
import { Page } from '@/ui/page'
import { ProblemAlert } from '@/ui/problem-alert'
import { type MyIdentity, myIdentityQuery, restartMine } from './api'
import { ChecksCard } from './checks-card'
import { ConsentsCard } from './consents-card'
import classes from './identity.module.css'
import { KeptCard } from './kept-card'
import { PersonCard } from './person-card'
import { VerifyCard } from './verify-card'

/** Who the account's owner is shown to be, by what, until when, and what they may do about it. */
export function MyIdentityPage() {
  const { t } = useTranslation('identity')
  const mine = useQuery(myIdentityQuery)
  return (
    <Page title={t('title')} lead={t('lead')}>
      <ProblemAlert error={mine.error} />
      {mine.isPending ? <Skeleton height={220} radius="lg" /> : null}
      {mine.data ? <Mine mine={mine.data} /> : null}
    </Page>
  )
}

function Mine({ mine }: { mine: MyIdentity }) {
  const { t } = useTranslation('identity')
  const client = useQueryClient()
  const [asked, setAsked] = useState(false)
  const underWay = mine.check.state === 'pending' || mine.check.state === 'code_sent'
  const close = useCallback(() => {
    setAsked(false)
    // What is under way is given up; where nothing is, nothing changes.
    void restartMine().then((answer) => client.setQueryData(myIdentityQuery.queryKey, answer))
    void client.invalidateQueries({ queryKey: ['certificates', 'mine'] })
  }, [client])
  const verifying = asked || underWay
  return (
    <div className={classes.cards}>
      {mine.person ? (
        <PersonCard person={mine.person} verifying={verifying} verify={() => setAsked(true)} />
      ) : verifying ? null : (
        <section className={classes.card}>
          <h2>{t('nobody.title')}</h2>
          <p>{t('nobody.text')}</p>
          {mine.elsewhere > 0 ? <p>{t('nobody.elsewhere', { count: mine.elsewhere, email: mine.email })}</p> : null}
          <p className={classes.hint}>{t('nobody.ceremony')}</p>
          <div className={classes.acts}>
            <Button onClick={() => setAsked(true)}>{t('verify')}</Button>
          </div>
        </section>
      )}
      {verifying ? <VerifyCard mine={mine} close={close} /> : null}
      {mine.person ? (
        <section className={classes.card}>
          <h2>{t('belongings.title')}</h2>
          <p>{t('belongings.text', { count: mine.person.certificates })}</p>
          {mine.elsewhere > 0 ? (
            <p className={classes.hint}>{t('belongings.elsewhere', { count: mine.elsewhere, email: mine.email })}</p>
          ) : null}
          <div className={classes.acts}>
            <LinkButton to="/certificates" variant="default">
              {t('belongings.certificates')}
            </LinkButton>
            <LinkButton to="/keys" variant="default">
              {t('belongings.keys')}
            </LinkButton>
            <LinkButton to="/organizations" variant="default">
              {t('belongings.organizations')}
            </LinkButton>
          </div>
        </section>
      ) : null}
      {mine.person ? <ChecksCard checks={mine.person.checks} /> : null}
      <ConsentsCard mine={mine} />
      {mine.person ? <KeptCard person={mine.person} /> : null}
    </div>
  )
}
