import { IconShieldCheck } from '@tabler/icons-react'
import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { seals } from '@/features/signing/document/seals'
import { BrandStill } from '@/ui/brand'
import { Chip } from '@/ui/chip'
import { LanguageSwitch } from '@/ui/language-switch'
import type { Step } from './ceremony-types'
import classes from './signing.module.css'
import { useSigning } from './signing-context'
import own from './signing-frame.module.css'
import { isEnded, progressOf } from './steps'
import { useStepName } from './use-step-name'

const HelpDialog = lazy(async () => ({ default: (await import('./help-dialog')).HelpDialog }))

/** Head of the ceremony: who asks, what for, how far. */
export function SigningFrame({ shown, children }: { shown: Step; children: ReactNode }) {
  const { t } = useTranslation('signing')
  const [helping, setHelping] = useState(false)
  useEffect(() => {
    if (shown) window.scrollTo(0, 0)
  }, [shown])
  return (
    <div className={classes.frame}>
      <header>
        <div className={classes.header}>
          <BrandStill />
          <div className={own.tools}>
            <LanguageSwitch />
            <button type="button" className={own.tool} onClick={() => setHelping(true)}>
              {t('header.help')}
            </button>
          </div>
        </div>
        {isEnded(shown) ? null : <ProgressLine shown={shown} />}
        {shown === 'request' || isEnded(shown) ? null : <Ask />}
      </header>
      {children}
      <Suspense fallback={null}>{helping ? <HelpDialog opened close={() => setHelping(false)} /> : null}</Suspense>
    </div>
  )
}

function ProgressLine({ shown }: { shown: Step }) {
  const { t } = useTranslation('signing')
  const { ceremony } = useSigning()
  const { n, m } = progressOf(shown, ceremony)
  const name = useStepName()(shown)
  return (
    <div
      className={own.progress}
      role="progressbar"
      aria-valuemin={0}
      aria-valuemax={m}
      aria-valuenow={n}
      aria-valuetext={t('header.progress', { n, m, step: name })}
      aria-label={t('header.progress', { n, m, step: name })}
    >
      <div style={{ width: `${(n / m) * 100}%` }} />
    </div>
  )
}

function Ask() {
  const { t } = useTranslation('signing')
  const { ceremony } = useSigning()
  const { sender, title } = ceremony.envelope
  return (
    <section className={own.ask} aria-label={title}>
      <div className={own.askInner}>
        <div className={own.askWords}>
          <p className={own.askWho}>
            {t(`header.asks_${seals(ceremony.recipient) ? 'organization' : 'person'}`, {
              sender: sender.organization || sender.name,
            })}
          </p>
          <p className={own.askTitle}>{title || t('request.untitled')}</p>
        </div>
        {ceremony.identity.state === 'verified' ? (
          <Chip tone="jade" icon={<IconShieldCheck size={15} aria-hidden />}>
            {t('header.verified')}
          </Chip>
        ) : null}
      </div>
    </section>
  )
}
