import { Button } from '@mantine/core'
import { IconHourglass } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { PendingReview } from '@/api/types'
import { useFormat } from '@/i18n/format'
import { Dialog, DialogActs } from '@/ui/dialog'
import { ProblemAlert } from '@/ui/problem-alert'
import { pollIdentity, restartIdentity } from './api'
import { SandboxHint } from './sandbox-hint'
import { Screen } from './screen'
import classes from './signing.module.css'
import { useSigning } from './signing-context'
import { keyOf, useAct } from './use-ceremony'

const pause = 5_000

/** An administrator looks at the pictures. The page may be closed: the signer is told, and this browser is known still. */
export function IdentityReview({ review }: { review: PendingReview }) {
  const { t } = useTranslation('signing')
  const format = useFormat()
  const { rcp, go } = useSigning()
  const client = useQueryClient()
  const [asks, setAsks] = useState(false)
  const restart = useAct(rcp, () => restartIdentity(rcp))
  const poll = useQuery({
    queryKey: ['identity-poll', rcp, review.until],
    queryFn: () => pollIdentity(rcp),
    refetchInterval: pause,
    retry: false,
    staleTime: 0,
    gcTime: 0,
  })
  const answer = poll.data
  useEffect(() => {
    if (!answer) return
    client.setQueryData(keyOf(rcp), answer)
    if (answer.step !== 'identity') go(answer.step)
  }, [answer, client, rcp, go])

  return (
    <Screen
      title={t('identity.review.title')}
      mark={<IconHourglass size={40} stroke={1.5} aria-hidden />}
      lead={<p>{t('identity.review.lead')}</p>}
    >
      <SandboxHint hint="reviews" />
      <ProblemAlert error={poll.error ?? restart.error} />
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
      <Button variant="subtle" color="dark" px={0} style={{ alignSelf: 'flex-start' }} onClick={() => setAsks(true)}>
        {t('identity.review.withdraw')}
      </Button>
      <Dialog opened={asks} close={() => setAsks(false)} title={t('identity.review.withdraw_title')}>
        <p style={{ margin: 0 }}>{t('identity.review.withdraw_text')}</p>
        <DialogActs>
          <Button variant="default" onClick={() => setAsks(false)}>
            {t('actions.cancel')}
          </Button>
          <Button loading={restart.isPending} onClick={() => restart.mutate(undefined)}>
            {t('identity.review.withdraw')}
          </Button>
        </DialogActs>
      </Dialog>
    </Screen>
  )
}
