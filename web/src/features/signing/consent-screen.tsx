import { Button, Checkbox } from '@mantine/core'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { currentLocale } from '@/i18n/i18n'
import { PolicyFacts } from '@/ui/policy-facts'
import { ProblemAlert } from '@/ui/problem-alert'
import { QuietButton } from '@/ui/quiet-button'
import { giveConsent } from './api'
import { Screen } from './screen'
import classes from './signing.module.css'
import { useSigning } from './signing-context'
import { StepBar } from './step-bar'
import { useAct } from './use-ceremony'

/** The consent in the language of the page; the version and the language shown are what is recorded. */
export function ConsentScreen() {
  const { t } = useTranslation('signing')
  const { rcp, ceremony, go, askDecline } = useSigning()
  const { version, paragraphs } = ceremony.consent
  const locale = currentLocale()
  const [agreed, setAgreed] = useState(false)
  const [missing, setMissing] = useState(false)
  const box = useRef<HTMLInputElement>(null)
  const act = useAct(rcp, () => giveConsent(rcp, { version, locale }))

  const submit = () => {
    setMissing(!agreed)
    if (!agreed) return box.current?.focus()
    act.mutate(undefined, { onSuccess: ({ step }) => go(step) })
  }

  return (
    <Screen
      title={t('consent.title')}
      lead={<p>{t('consent.lead')}</p>}
      onSubmit={submit}
      bar={
        <StepBar>
          <Button type="submit" loading={act.isPending}>
            {t('consent.agree')}
          </Button>
        </StepBar>
      }
    >
      <ProblemAlert error={act.error} takeFocus />
      <section className={classes.card} lang={locale} aria-label={t('consent.title')}>
        <div className={classes.prose}>
          {paragraphs[locale].map((paragraph) => (
            <p key={paragraph}>{paragraph}</p>
          ))}
        </div>
        <h2 className={classes.cardTitle} style={{ marginTop: 18 }}>
          {t('consent.policy_title', { title: ceremony.policy.title[locale] })}
        </h2>
        <p className={classes.hint}>
          <PolicyAuthor />
        </p>
        <div className={classes.prose}>
          <PolicyFacts policy={ceremony.policy} />
        </div>
        <p className={classes.hint} style={{ marginTop: 14 }}>
          {t('consent.version', { version })}
        </p>
      </section>
      <Checkbox
        ref={box}
        checked={agreed}
        onChange={(event) => setAgreed(event.currentTarget.checked)}
        label={t('consent.check')}
        error={missing && !agreed ? t('consent.check_missing') : undefined}
        aria-invalid={missing && !agreed}
        required
      />
      <QuietButton onClick={askDecline}>{t('consent.refuse')}</QuietButton>
    </Screen>
  )
}

/** Whose conditions these are. */
function PolicyAuthor() {
  const { t } = useTranslation('signing')
  const { policy, envelope } = useSigning().ceremony
  if (policy.built_in) return t('consent.policy_built_in')
  if (!policy.organization) return t('consent.policy_by', { sender: envelope.sender.name })
  const { name, credit_code } = policy.organization
  return t('consent.policy_of', { organization: name, code: credit_code })
}
