import { IconHourglass } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { type ComponentType, type ReactNode, useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { PendingReview } from '@/api/types'
import { SandboxHint } from '@/features/signing/sandbox-hint'
import classes from '@/features/signing/signing.module.css'
import { useFormat } from '@/i18n/format'
import { ProblemAlert } from '@/ui/problem-alert'
import type { FrameProps } from './identity-host'

const pause = 5_000

interface ReviewWaitProps<Answer> {
  review: PendingReview
  Frame: ComponentType<FrameProps>
  title: string
  lead: string
  /** What follows once it is decided. */
  then: string
  ask: () => Promise<Answer>
  /** An answer came. */
  took: (answer: Answer) => void
  error: unknown
  children: ReactNode
}

/** An administrator looks at what was sent in. The page may be closed: whoever waits is told, and known still. */
export function ReviewWait<Answer>({
  review,
  Frame,
  title,
  lead,
  then,
  ask,
  took,
  error,
  children,
}: ReviewWaitProps<Answer>) {
  const { t } = useTranslation('signing')
  const format = useFormat()
  const poll = useQuery({
    queryKey: ['review-poll', title, review.submitted_at, review.until],
    queryFn: ask,
    refetchInterval: pause,
    retry: false,
    staleTime: 0,
    gcTime: 0,
  })
  const answer = poll.data
  useEffect(() => {
    if (answer) took(answer)
  }, [answer, took])

  return (
    <Frame title={title} mark={<IconHourglass size={40} stroke={1.5} aria-hidden />} lead={<p>{lead}</p>}>
      <SandboxHint hint="reviews" />
      <ProblemAlert error={poll.error ?? error} />
      <section className={classes.card}>
        <h2 className={classes.cardTitle}>{t('identity.review.close_title')}</h2>
        <div className={classes.prose}>
          <p>{then}</p>
          <p role="status" className={classes.hint}>
            {review.submitted_at ? t('identity.review.since', { date: format.dateTime(review.submitted_at) }) : null}{' '}
            {t('identity.review.until', { date: format.dateTime(review.until) })}
          </p>
        </div>
      </section>
      {children}
    </Frame>
  )
}
