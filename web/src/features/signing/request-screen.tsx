import { Button } from '@mantine/core'
import { IconFileText } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { seals } from '@/features/signing/document/seals'
import { useFormat } from '@/i18n/format'
import { ProblemAlert } from '@/ui/problem-alert'
import { TrustBar } from '@/ui/trust-bar'
import { viewRequest } from './api'
import own from './request-screen.module.css'
import { Screen } from './screen'
import classes from './signing.module.css'
import { useSigning } from './signing-context'
import { StepBar } from './step-bar'
import { useAct } from './use-ceremony'

/** Who asks for what, until when: before anything is asked of the signer. */
export function RequestScreen() {
  const { t } = useTranslation('signing')
  const format = useFormat()
  const { rcp, ceremony, go } = useSigning()
  const { envelope, recipient } = ceremony
  const act = useAct(rcp, () => viewRequest(rcp))
  const sender = envelope.sender.organization || envelope.sender.name
  const title =
    recipient.kind === 'organization'
      ? t('request.title_organization', { sender, organization: recipient.organization ?? recipient.name })
      : t('request.title_person', { sender })
  const next = () => act.mutate(undefined, { onSuccess: ({ step }) => go(step) })

  return (
    <Screen
      title={title}
      lead={<p>{t('request.for', { name: recipient.name })}</p>}
      bar={
        <StepBar>
          <Button onClick={next} loading={act.isPending}>
            {t('actions.continue')}
          </Button>
        </StepBar>
      }
    >
      <ProblemAlert error={act.error} takeFocus />
      <section className={classes.card}>
        <h2 className={classes.cardTitle}>{envelope.title || t('request.untitled')}</h2>
        {envelope.documents.map((document) => (
          <div key={document.id} className={own.documents}>
            <div className={own.sheetIcon} aria-hidden="true">
              <IconFileText size={24} stroke={1.5} />
            </div>
            <div>
              <p className={classes.strong}>{document.name}</p>
              <p className={classes.hint}>
                {t('request.document_facts', { count: document.pages, size: format.bytes(document.size) })}
              </p>
            </div>
          </div>
        ))}
      </section>
      {envelope.message ? (
        <section className={classes.card}>
          <h2 className={classes.cardTitle}>{t('request.message')}</h2>
          <p className={classes.quote}>{envelope.message}</p>
        </section>
      ) : null}
      <RequestFacts />
      <WhatNext />
      <TrustBar trust={envelope.trust} />
    </Screen>
  )
}

function RequestFacts() {
  const { t } = useTranslation('signing')
  const format = useFormat()
  const { sender, sent_at, expires_at } = useSigning().ceremony.envelope
  return (
    <section className={classes.card}>
      <h2 className={classes.cardTitle}>{t('request.sender')}</h2>
      <p className={classes.strong}>{sender.organization ? `${sender.organization} · ${sender.name}` : sender.name}</p>
      <p className={classes.hint}>{sender.email_masked}</p>
      <p className={classes.hint}>{sent_at ? t('request.sent', { date: format.dateTime(sent_at) }) : null}</p>
      {expires_at ? (
        <p className={classes.strong}>{t('request.until', { date: format.zonedMinute(expires_at) })}</p>
      ) : null}
    </section>
  )
}

function WhatNext() {
  const { t } = useTranslation('signing')
  const { t: common } = useTranslation()
  const format = useFormat()
  const { recipient, policy } = useSigning().ceremony
  const wills = policy.will.map((way) => common(`policy.will.${way}`))
  return (
    <section className={classes.card}>
      <h2 className={classes.cardTitle}>{t('request.how_title')}</h2>
      <ol className={own.steps}>
        <li>{t('request.how_consent')}</li>
        <li>{t('request.how_identity', { what: common(`policy.assurance.${policy.assurance}`) })}</li>
        {recipient.kind === 'organization' ? <li>{t('request.how_organization')}</li> : null}
        <li>{t(`request.how_sign_${seals(recipient) ? 'organization' : 'person'}`)}</li>
        {wills.length > 0 ? <li>{t('request.how_will', { ways: format.either(wills) })}</li> : null}
      </ol>
      <p className={classes.hint} style={{ marginTop: 14 }}>
        {t('request.not_you')}
      </p>
    </section>
  )
}
