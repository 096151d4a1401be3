import { IconHourglass } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { PendingReview } from '@/api/types'
import { useFormat } from '@/i18n/format'
import { ProblemAlert } from '@/ui/problem-alert'
import type { Ceremony } from './ceremony-types'
import { SandboxHint } from './sandbox-hint'
import { Screen } from './screen'
import classes from './signing.module.css'
import { useSigning } from './signing-context'
import { keyOf } from './use-ceremony'

const pause = 5_000

interface ReviewWaitProps {
  review: PendingReview
  /** The step that ends with the decision. */
  step: Ceremony['step']
  title: string
  lead: string
  ask: () => Promise<Ceremony>
  error: unknown
  children: ReactNode
}

/** An administrator looks at what was sent in. The page may be closed: the signer is told, and this browser is known still. */
export function ReviewWait({ review, step, title, lead, ask, error, children }: ReviewWaitProps) {
  const { t } = useTranslation('signing')
  const format = useFormat()
  const { rcp, go } = useSigning()
  const client = useQueryClient()
  const poll = useQuery({
    queryKey: ['review-poll', step, rcp, review.until],
    queryFn: ask,
    refetchInterval: pause,
    retry: false,
    staleTime: 0,
    gcTime: 0,
  })
  const answer = poll.data
  useEffect(() => {
    if (!answer) return
    client.setQueryData(keyOf(rcp), answer)
    if (answer.step !== step) go(answer.step)
  }, [answer, client, rcp, go, step])

  return (
    <Screen title={title} mark={<IconHourglass size={40} stroke={1.5} aria-hidden />} lead={<p>{lead}</p>}>
      <SandboxHint hint="reviews" />
      <ProblemAlert error={poll.error ?? error} />
      <section className={classes.card}>
        <h2 className={classes.cardTitle}>{t('identity.review.close_title')}</h2>
        <div className={classes.prose}>
          <p>{t('identity.review.close_text')}</p>
          <p role="status" className={classes.hint}>
            {review.submitted_at ? t('identity.review.since', { date: format.dateTime(review.submitted_at) }) : null}{' '}
            {t('identity.review.until', { date: format.dateTime(review.until) })}
          </p>
        </div>
      </section>
      {children}
    </Screen>
  )
}
