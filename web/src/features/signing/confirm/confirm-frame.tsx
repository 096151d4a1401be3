import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { StaffCard } from '@/features/directory/staff-card'
import { seals } from '@/features/signing/document/seals'
import { Screen } from '@/features/signing/screen'
import classes from '@/features/signing/signing.module.css'
import { useSigning } from '@/features/signing/signing-context'
import { StepBar } from '@/features/signing/step-bar'
import { useFormat } from '@/i18n/format'
import { Notice } from '@/ui/notice'
import { ProblemAlert } from '@/ui/problem-alert'
import { ConfirmFacts } from './confirm-facts'
import { useEffectWords } from './effect-words'

interface ConfirmFrameProps {
  /** The act, in the bar. */
  button: ReactNode
  onSubmit: () => void
  error: unknown
  /** While the key is locked, nothing is asked for. */
  locked: boolean
  working: boolean
  /** The way on for who has lost what opens the key. */
  lost: ReactNode
  children: ReactNode
}

/** The last look, whatever opens the key: which document, who signs, what it does; then what the signer has to bring. */
export function ConfirmFrame({ button, onSubmit, error, locked, working, lost, children }: ConfirmFrameProps) {
  const { t } = useTranslation('signing')
  const format = useFormat()
  const { ceremony } = useSigning()
  const words = useEffectWords()
  const kind = seals(ceremony.recipient) ? 'organization' : 'person'
  return (
    <Screen title={t(`confirm.title_${kind}`)} onSubmit={onSubmit} bar={<StepBar>{button}</StepBar>}>
      <ProblemAlert error={error} takeFocus />
      <ConfirmFacts />
      <StaffCard />
      <div className={classes.effect}>
        <p>{words}</p>
      </div>
      {locked ? (
        <Notice tone="seal">{t('confirm.locked', { date: format.dateTime(ceremony.key.locked_until ?? '') })}</Notice>
      ) : (
        children
      )}
      {lost}
      <p role="status" className={classes.hint}>
        {working ? t('confirm.working') : ''}
      </p>
    </Screen>
  )
}
