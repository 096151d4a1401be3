import { Button, Checkbox, Stack } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { approveReview, releaseReview, reviewQuery } from '@/api/reviews'
import type { ReviewCase, ReviewCheck } from '@/api/types'
import { ProblemAlert } from '@/ui/problem-alert'
import { QuietButton } from '@/ui/quiet-button'
import { ReasonDialog } from './reason-dialog'
import classes from './reviews.module.css'
import { TypedFacts } from './typed-facts'
import { ZoneCheck } from './zone-check'

/** What was typed, what is to be looked at, and the decision. */
export function ReviewDecision({ review }: { review: ReviewCase }) {
  const { t } = useTranslation('review')
  const client = useQueryClient()
  const { id, document } = review.item
  const [checked, setChecked] = useState<ReviewCheck[]>([])
  const [asked, setAsked] = useState(false)
  const [zone, setZone] = useState('')
  const [act, setAct] = useState<'refuse' | 'ask' | null>(null)
  const settle = (answer: ReviewCase) => {
    client.setQueryData(reviewQuery(id).queryKey, answer)
    void client.invalidateQueries({ queryKey: ['reviews', 'list'] })
  }
  const approve = useMutation({ mutationFn: () => approveReview(id, checked, zone.trim()), onSuccess: settle })
  const release = useMutation({ mutationFn: () => releaseReview(id), onSuccess: settle })
  const missing = review.checks.some((check) => !checked.includes(check))
  const say = () => {
    setAsked(true)
    if (!missing) approve.mutate()
  }
  return (
    <section className={classes.card} aria-label={t('decision')}>
      <h2 className={classes.heading}>{t('typed')}</h2>
      {review.typed ? <TypedFacts typed={review.typed} /> : null}
      {document === 'passport' || document === 'passport_cn' ? (
        <ZoneCheck id={id} zone={zone} onZone={setZone} />
      ) : null}
      <Checkbox.Group
        label={t('compare')}
        value={checked}
        onChange={(values) => setChecked(values as ReviewCheck[])}
        error={asked && missing ? t('unchecked') : undefined}
      >
        <Stack gap="sm" mt="xs">
          {review.checks.map((check) => (
            <Checkbox key={check} value={check} label={t(`check.${check}`)} />
          ))}
        </Stack>
      </Checkbox.Group>
      <ProblemAlert error={approve.error ?? release.error} takeFocus />
      <div className={classes.acts}>
        <Button loading={approve.isPending} onClick={say}>
          {t('approve')}
        </Button>
        <Button variant="default" onClick={() => setAct('refuse')}>
          {t('refuse')}
        </Button>
        {review.can_ask ? (
          <Button variant="default" onClick={() => setAct('ask')}>
            {t('ask')}
          </Button>
        ) : null}
        <QuietButton loading={release.isPending} onClick={() => release.mutate()}>
          {t('release')}
        </QuietButton>
      </div>
      {act ? (
        <ReasonDialog review={review} act={act} zone={zone.trim()} settle={settle} close={() => setAct(null)} />
      ) : null}
    </section>
  )
}
