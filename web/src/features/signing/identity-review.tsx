import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { PendingReview } from '@/api/types'
import { Dialog, DialogActs } from '@/ui/dialog'
import { pollIdentity, restartIdentity } from './api'
import { ReviewWait } from './review-wait'
import { useSigning } from './signing-context'
import { useAct } from './use-ceremony'

/** An administrator looks at the pictures. */
export function IdentityReview({ review }: { review: PendingReview }) {
  const { t } = useTranslation('signing')
  const { rcp } = useSigning()
  const [asks, setAsks] = useState(false)
  const restart = useAct(rcp, () => restartIdentity(rcp))
  return (
    <ReviewWait
      review={review}
      step="identity"
      title={t('identity.review.title')}
      lead={t('identity.review.lead')}
      ask={() => pollIdentity(rcp)}
      error={restart.error}
    >
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
    </ReviewWait>
  )
}
