import { Checkbox } from '@mantine/core'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DataPurpose } from '@/api/types'
import classes from '@/features/signing/signing.module.css'
import { currentLocale } from '@/i18n/i18n'
import { ProblemAlert } from '@/ui/problem-alert'
import { QuietButton } from '@/ui/quiet-button'
import local from './identity.module.css'
import { useIdentityAct, useIdentityHost } from './identity-host'

interface IdentityConsentProps {
  /** What is agreed to by a box of its own. */
  own: 'face' | 'photo' | null
  agreed: boolean
  missing: boolean
  onAgree: (agreed: boolean) => void
  onRefuseOwn: () => void
}

/** What is agreed to: ID data with the button below, a face or pictures by a box of their own. All can be refused. */
export function IdentityConsent({ own, agreed, missing, onAgree, onRefuseOwn }: IdentityConsentProps) {
  const { t } = useTranslation('signing')
  const { identity, acts, Refused } = useIdentityHost()
  const { consents } = identity
  const [dialog, setDialog] = useState(false)
  const box = useRef<HTMLInputElement>(null)
  const locale = currentLocale()
  const refuse = useIdentityAct((purpose: DataPurpose) => acts.refuse({ purpose, locale }))
  const [first, ...rest] = consents.identity[locale]

  return (
    <section className={classes.card} lang={locale} aria-label={t('identity.consent_title')}>
      <h2 className={classes.cardTitle}>{t('identity.consent_title')}</h2>
      <div className={classes.prose}>
        <p>{first}</p>
        <details>
          <summary className={local.more}>{t('identity.consent_more')}</summary>
          {rest.map((paragraph) => (
            <p key={paragraph}>{paragraph}</p>
          ))}
          <p className={classes.hint}>{t('consent.version', { version: consents.version })}</p>
        </details>
      </div>
      <ProblemAlert error={refuse.error} takeFocus />
      {own ? (
        <div className={classes.prose} style={{ marginTop: 14 }}>
          {consents[own][locale].map((paragraph) => (
            <p key={paragraph}>{paragraph}</p>
          ))}
          <Checkbox
            ref={box}
            checked={agreed}
            onChange={(event) => onAgree(event.currentTarget.checked)}
            label={t(`identity.${own}_agree`)}
            error={missing ? t(`identity.${own}_missing`) : undefined}
            aria-invalid={missing}
            required
          />
        </div>
      ) : null}
      <div className={classes.row} style={{ justifyContent: 'flex-start' }}>
        {own ? (
          <QuietButton onClick={() => refuse.mutate(own, { onSuccess: onRefuseOwn })}>
            {t(`identity.${own}_refuse`)}
          </QuietButton>
        ) : null}
        <QuietButton
          loading={refuse.isPending}
          onClick={() => refuse.mutate('identity', { onSuccess: () => setDialog(true) })}
        >
          {t('identity.consent_refuse')}
        </QuietButton>
      </div>
      <Refused opened={dialog} close={() => setDialog(false)} />
    </section>
  )
}
