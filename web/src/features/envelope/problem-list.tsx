import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { problemText } from '@/api/problem'
import type { Envelope } from '@/api/types'
import { useFormat } from '@/i18n/format'
import type { EnvelopeProblem } from './envelope-problems'
import classes from './review.module.css'
import { stepAddress } from './steps'

/** What is still missing, each with the way to where it is mended; or that nothing is. */
export function ProblemList({ envelope, problems }: { envelope: Envelope; problems: EnvelopeProblem[] }) {
  const { t } = useTranslation(['envelope', 'problem'])
  const format = useFormat()
  if (problems.length === 0) {
    return (
      <p className={classes.ready}>
        <IconCircleCheck size={22} aria-hidden /> {t('review.ready')}
      </p>
    )
  }
  return (
    <section className={classes.problems} aria-labelledby="missing">
      <h2 id="missing" className={classes.heading}>
        <IconAlertTriangle size={20} aria-hidden /> {t('review.missing', { count: problems.length })}
      </h2>
      <ul>
        {problems.map((problem) => (
          <li key={`${problem.code}-${problem.params?.name ?? ''}`}>
            <span>{problemText({ ...problem, status: 0 }, format)}</span>
            <Link to={stepAddress[problem.step]} params={{ envelopeId: envelope.id }}>
              {t('review.go', { step: t(`step.${problem.step}`) })}
            </Link>
          </li>
        ))}
      </ul>
    </section>
  )
}
