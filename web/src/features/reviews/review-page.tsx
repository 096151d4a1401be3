import { Button, Skeleton } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { claimReview, reviewQuery } from '@/api/reviews'
import type { ReviewCase } from '@/api/types'
import { useFormat } from '@/i18n/format'
import { NotFound } from '@/ui/not-found'
import { Page } from '@/ui/page'
import { ProblemAlert } from '@/ui/problem-alert'
import { ReviewDecision } from './review-decision'
import { ReviewEvents } from './review-events'
import { ReviewPicture } from './review-picture'
import { ReviewChip } from './review-row'
import classes from './reviews.module.css'

/** One check. What was typed and the pictures are for whoever has it in hand. */
export function ReviewPage({ id }: { id: string }) {
  const { t } = useTranslation('review')
  const { data, isError } = useQuery(reviewQuery(id))
  if (isError && !data) return <NotFound />
  return (
    <Page
      title={data ? data.item.name_masked : t('title')}
      above={
        <Link to="/reviews" className={classes.back}>
          {t('back')}
        </Link>
      }
      actions={data ? <ReviewChip item={data.item} /> : null}
      width="wide"
    >
      {data ? <Case review={data} /> : <Skeleton height={300} radius="lg" />}
    </Page>
  )
}

function Case({ review }: { review: ReviewCase }) {
  const { t } = useTranslation('review')
  const format = useFormat()
  const { item } = review
  return (
    <>
      <p className={classes.fact}>
        {item.document ? t(`document.${item.document}`) : t(`kind.${item.kind}`)}
        {item.submitted_at ? ` · ${t('sent', { at: format.dateTime(item.submitted_at) })}` : null}
        {item.rounds > 1 ? ` · ${t('round', { n: item.rounds })}` : null}
      </p>
      {item.reason ? (
        <p className={classes.fact}>
          {t('fact.reason')}: {t(`reason.${item.reason}`)}
        </p>
      ) : null}
      {item.state === 'waiting' && !item.mine ? <Claim review={review} /> : null}
      {item.mine ? (
        <div className={classes.case}>
          <div className={classes.pictures}>
            {review.images.map((image) => (
              <ReviewPicture key={image.id} id={item.id} image={image} />
            ))}
          </div>
          <ReviewDecision review={review} />
        </div>
      ) : null}
      <ReviewEvents events={review.events} />
    </>
  )
}

/** One administrator at a time has a check in hand. */
function Claim({ review: { item } }: { review: ReviewCase }) {
  const { t } = useTranslation('review')
  const format = useFormat()
  const client = useQueryClient()
  const claim = useMutation({
    mutationFn: () => claimReview(item.id),
    onSuccess: (answer) => client.setQueryData(reviewQuery(item.id).queryKey, answer),
    onSettled: () => client.invalidateQueries({ queryKey: ['reviews', 'list'] }),
  })
  return (
    <section className={classes.card}>
      {item.own ? <p className={classes.text}>{t('own_text')}</p> : null}
      {item.claimed_by && item.claimed_until ? (
        <p className={classes.text}>
          {t('claimed_text', { email: item.claimed_by, until: format.time(item.claimed_until) })}
        </p>
      ) : null}
      {item.own ? null : (
        <>
          <p className={classes.text}>{t('claim_text')}</p>
          <ProblemAlert error={claim.error} mb="sm" takeFocus />
          <Button loading={claim.isPending} onClick={() => claim.mutate()} style={{ alignSelf: 'flex-start' }}>
            {t('claim')}
          </Button>
        </>
      )}
    </section>
  )
}
