import { Button } from '@mantine/core'
import { IconCheck } from '@tabler/icons-react'
import { Link, useNavigate } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Envelope } from '@/api/types'
import { LinkButton } from '@/ui/link-button'
import { Page } from '@/ui/page'
import { DeleteDraft } from './delete-draft'
import { envelopeProblems } from './envelope-problems'
import { SaveNote } from './save-note'
import classes from './step-frame.module.css'
import { type EnvelopeStep, envelopeSteps, stepAddress } from './steps'
import type { SaveState } from './use-autosave'

interface StepFrameProps {
  envelope: Envelope
  step: EnvelopeStep
  state: SaveState
  waiting?: string
  /** Saves what is left to save; false where that failed, and then one stays here. */
  flush: () => Promise<boolean>
  lead?: ReactNode
  /** Instead of "Next". */
  act?: ReactNode
  wide?: boolean
  children: ReactNode
}

/** One step of a new envelope: where one is, the step itself, and the way back and on. */
export function StepFrame({ envelope, step, state, waiting, flush, lead, act, wide, children }: StepFrameProps) {
  const { t } = useTranslation('envelope')
  const { t: common } = useTranslation()
  const navigate = useNavigate()
  const [leaving, setLeaving] = useState(false)
  const index = envelopeSteps.indexOf(step)
  const previous = envelopeSteps[index - 1]
  const next = envelopeSteps[index + 1]
  const unfinished = new Set(envelopeProblems(envelope).map((problem) => problem.step))
  if (envelope.recipients.length === 0) unfinished.add('fields')
  const params = { envelopeId: envelope.id }

  const go = async () => {
    if (!next) return
    setLeaving(true)
    const kept = await flush()
    setLeaving(false)
    if (kept) await navigate({ to: stepAddress[next], params })
  }

  return (
    <Page
      title={t(`step.${step}`)}
      lead={lead}
      width={wide ? 'wide' : 'medium'}
      above={
        <>
          <Link to="/envelopes">{common('nav.envelopes')}</Link> / {envelope.title || t('untitled')}
        </>
      }
      actions={<DeleteDraft envelope={envelope} />}
    >
      <nav aria-label={t('steps')}>
        <ol className={classes.steps}>
          {envelopeSteps.map((name, place) => (
            <li key={name}>
              <Link
                to={stepAddress[name]}
                params={params}
                className={classes.step}
                activeProps={{ 'aria-current': 'step' }}
              >
                <span className={classes.number}>
                  {name !== step && name !== 'review' && !unfinished.has(name) ? (
                    <IconCheck size={16} aria-label={t('step_done')} />
                  ) : (
                    place + 1
                  )}
                </span>
                <span className={classes.name}>{t(`step.${name}`)}</span>
              </Link>
            </li>
          ))}
        </ol>
      </nav>
      {children}
      <div className={classes.bar}>
        <SaveNote state={state} waiting={waiting} onRetry={() => void flush()} />
        <div className={classes.acts}>
          {previous ? (
            <LinkButton to={stepAddress[previous]} params={params} variant="default">
              {common('back')}
            </LinkButton>
          ) : null}
          {act ?? (
            <Button onClick={go} loading={leaving}>
              {next ? t('next_step', { step: t(`step.${next}`) }) : common('next')}
            </Button>
          )}
        </div>
      </div>
    </Page>
  )
}
