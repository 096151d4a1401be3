import { Button } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { PendingReview } from '@/api/types'
import { Dialog, DialogActs } from '@/ui/dialog'
import { QuietButton } from '@/ui/quiet-button'
import { useIdentityAct, useIdentityHost } from './identity-host'
import { ReviewWait } from './review-wait'

/** An administrator looks at the pictures. */
export function IdentityReview({ review }: { review: PendingReview }) {
  const { t } = useTranslation('signing')
  const { acts, queryKey, answered, inAccount, Frame } = useIdentityHost()
  const client = useQueryClient()
  const [asks, setAsks] = useState(false)
  const restart = useIdentityAct(acts.restart)
  const took = useCallback(
    (answer: unknown) => {
      client.setQueryData(queryKey, answer)
      answered(answer)
    },
    [client, queryKey, answered],
  )
  return (
    <ReviewWait
      review={review}
      Frame={Frame}
      title={t('identity.review.title')}
      lead={t('identity.review.lead')}
      then={t(inAccount ? 'identity.review.account_text' : 'identity.review.close_text')}
      ask={acts.poll}
      took={took}
      error={restart.error}
    >
      <QuietButton onClick={() => setAsks(true)}>{t('identity.review.withdraw')}</QuietButton>
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
    </ReviewWait>
  )
}
