import { useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import type { PendingReview } from '@/api/types'
import { loadCeremony, withdrawLetter } from '@/features/signing/api'
import type { Ceremony } from '@/features/signing/ceremony-types'
import { ReviewWait } from '@/features/signing/identity/review-wait'
import { Screen } from '@/features/signing/screen'
import { useSigning } from '@/features/signing/signing-context'
import { keyOf, useAct } from '@/features/signing/use-ceremony'
import { QuietButton } from '@/ui/quiet-button'

/** An administrator reads the letter. */
export function OrganizationLetterWait({ review }: { review: PendingReview }) {
  const { t } = useTranslation('signing')
  const { rcp, go } = useSigning()
  const client = useQueryClient()
  const took = useCallback(
    (answer: Ceremony) => {
      client.setQueryData(keyOf(rcp), answer)
      if (answer.step !== 'organization') go(answer.step)
    },
    [client, rcp, go],
  )
  const withdraw = useAct(rcp, () => withdrawLetter(rcp))
  return (
    <ReviewWait
      review={review}
      Frame={Screen}
      title={t('letter.wait_title')}
      lead={t('letter.wait_lead')}
      then={t('identity.review.close_text')}
      ask={() => loadCeremony(rcp)}
      took={took}
      error={withdraw.error}
    >
      <QuietButton loading={withdraw.isPending} onClick={() => withdraw.mutate(undefined)}>
        {t('letter.withdraw')}
      </QuietButton>
    </ReviewWait>
  )
}
