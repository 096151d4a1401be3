import { Button, Checkbox } from '@mantine/core'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { currentLocale } from '@/i18n/i18n'
import { ProblemAlert } from '@/ui/problem-alert'
import { useIdentityAct, useIdentityHost } from './identity-host'
import classes from './signing.module.css'

interface IdentityConsentProps {
  face: boolean
  agreed: boolean
  missing: boolean
  onAgree: (agreed: boolean) => void
  onRefuseFace: () => void
}

/** What is agreed to: ID data with the button below, a face by a box of its own. Both can be refused. */
export function IdentityConsent({ face, agreed, missing, onAgree, onRefuseFace }: IdentityConsentProps) {
  const { t } = useTranslation('signing')
  const { identity, acts, Refused } = useIdentityHost()
  const { consents } = identity
  const [dialog, setDialog] = useState(false)
  const box = useRef<HTMLInputElement>(null)
  const locale = currentLocale()
  const refuse = useIdentityAct((purpose: 'identity' | 'face') => acts.refuse({ purpose, locale }))
  const [first, ...rest] = consents.identity[locale]

  return (
    <section className={classes.card} lang={locale} aria-label={t('identity.consent_title')}>
      <h2 className={classes.cardTitle}>{t('identity.consent_title')}</h2>
      <div className={classes.prose}>
        <p>{first}</p>
        <details>
          <summary className={classes.more}>{t('identity.consent_more')}</summary>
          {rest.map((paragraph) => (
            <p key={paragraph}>{paragraph}</p>
          ))}
          <p className={classes.hint}>{t('consent.version', { version: consents.version })}</p>
        </details>
      </div>
      <ProblemAlert error={refuse.error} takeFocus />
      {face ? (
        <div className={classes.prose} style={{ marginTop: 14 }}>
          {consents.face[locale].map((paragraph) => (
            <p key={paragraph}>{paragraph}</p>
          ))}
          <Checkbox
            ref={box}
            checked={agreed}
            onChange={(event) => onAgree(event.currentTarget.checked)}
            label={t('identity.face_agree')}
            error={missing ? t('identity.face_missing') : undefined}
            aria-invalid={missing}
            required
          />
        </div>
      ) : null}
      <div className={classes.row} style={{ justifyContent: 'flex-start' }}>
        {face ? (
          <Button
            variant="subtle"
            color="dark"
            px={0}
            onClick={() => refuse.mutate('face', { onSuccess: onRefuseFace })}
          >
            {t('identity.face_refuse')}
          </Button>
        ) : null}
        <Button
          variant="subtle"
          color="dark"
          px={0}
          loading={refuse.isPending}
          onClick={() => refuse.mutate('identity', { onSuccess: () => setDialog(true) })}
        >
          {t('identity.consent_refuse')}
        </Button>
      </div>
      <Refused opened={dialog} close={() => setDialog(false)} />
    </section>
  )
}
