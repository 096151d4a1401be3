import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { PendingReview } from '@/api/types'
import { loadCeremony, withdrawLetter } from './api'
import { ReviewWait } from './review-wait'
import { useSigning } from './signing-context'
import { useAct } from './use-ceremony'

/** An administrator reads the letter. */
export function OrganizationLetterWait({ review }: { review: PendingReview }) {
  const { t } = useTranslation('signing')
  const { rcp } = useSigning()
  const withdraw = useAct(rcp, () => withdrawLetter(rcp))
  return (
    <ReviewWait
      review={review}
      step="organization"
      title={t('letter.wait_title')}
      lead={t('letter.wait_lead')}
      ask={() => loadCeremony(rcp)}
      error={withdraw.error}
    >
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
    </ReviewWait>
  )
}
