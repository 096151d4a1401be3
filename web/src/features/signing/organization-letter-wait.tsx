import { Button } from '@mantine/core'
import { IconHourglass } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { PendingReview } from '@/api/types'
import { useFormat } from '@/i18n/format'
import { ProblemAlert } from '@/ui/problem-alert'
import { loadCeremony, withdrawLetter } from './api'
import { SandboxHint } from './sandbox-hint'
import { Screen } from './screen'
import classes from './signing.module.css'
import { useSigning } from './signing-context'
import { keyOf, useAct } from './use-ceremony'

const pause = 5_000

/** An administrator reads the letter. The page may be closed: the agent is told, and this browser is known still. */
export function OrganizationLetterWait({ review }: { review: PendingReview }) {
  const { t } = useTranslation('signing')
  const format = useFormat()
  const { rcp, go } = useSigning()
  const client = useQueryClient()
  const withdraw = useAct(rcp, () => withdrawLetter(rcp))
  const poll = useQuery({
    queryKey: ['letter-poll', rcp, review.until],
    queryFn: () => loadCeremony(rcp),
    refetchInterval: pause,
    retry: false,
    staleTime: 0,
    gcTime: 0,
  })
  const answer = poll.data
  useEffect(() => {
    if (!answer) return
    client.setQueryData(keyOf(rcp), answer)
    if (answer.step !== 'organization') go(answer.step)
  }, [answer, client, rcp, go])
  return (
    <Screen
      title={t('letter.wait_title')}
      mark={<IconHourglass size={40} stroke={1.5} aria-hidden />}
      lead={<p>{t('letter.wait_lead')}</p>}
    >
      <SandboxHint hint="reviews" />
      <ProblemAlert error={poll.error ?? withdraw.error} />
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
      <Button
        variant="subtle"
        color="dark"
        px={0}
        style={{ alignSelf: 'flex-start' }}
        loading={withdraw.isPending}
        onClick={() => withdraw.mutate(undefined)}
      >
        {t('letter.withdraw')}
      </Button>
    </Screen>
  )
}
