import { Button } from '@mantine/core'
import { IconAlertTriangle, IconCheck, IconSignatureOff, IconX } from '@tabler/icons-react'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '@/i18n/format'
import { verdictOf } from './present'
import type { Verification } from './verification'
import classes from './verify.module.css'

const icons = { jade: IconCheck, amber: IconAlertTriangle, seal: IconX }

/** The verdict in plain words; the focus comes here when the check is over. */
export function VerdictCard({ verification }: { verification: Verification }) {
  const { t } = useTranslation('verify')
  const format = useFormat()
  const heading = useRef<HTMLHeadingElement>(null)
  const verdict = verdictOf(verification)
  const Icon = verdict.key === 'unsigned' ? IconSignatureOff : icons[verdict.tone]
  useEffect(() => {
    heading.current?.focus()
  }, [])

  const words = 'count' in verdict ? t(`verdict.${verdict.key}`, { count: verdict.count }) : t(`verdict.${verdict.key}`)
  const advice = verdict.key === 'unsigned' ? t('verdict.unsigned_text') : null
  return (
    <section className={classes.verdict} data-tone={verdict.tone}>
      <div className={classes.icon} aria-hidden="true">
        <Icon size={28} />
      </div>
      <div className={classes.words}>
        <h1 ref={heading} tabIndex={-1}>
          {words}
        </h1>
        <p>
          {t('verdict.facts', {
            name: verification.file,
            count: verification.pages,
            size: format.bytes(verification.size),
          })}
        </p>
        {advice ? <p>{advice}</p> : null}
        {verdict.tone === 'seal' ? <p>{t('verdict.failed_text')}</p> : null}
      </div>
      {verification.signatures.length > 0 ? (
        <Button
          variant="default"
          onClick={() => {
            const report = document.getElementById('report')
            report?.scrollIntoView()
            report?.focus()
          }}
        >
          {t('verdict.report')}
        </Button>
      ) : null}
    </section>
  )
}
