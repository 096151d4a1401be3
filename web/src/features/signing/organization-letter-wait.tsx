import { useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import type { PendingReview } from '@/api/types'
import { QuietButton } from '@/ui/quiet-button'
import { loadCeremony, withdrawLetter } from './api'
import type { Ceremony } from './ceremony-types'
import { ReviewWait } from './review-wait'
import { Screen } from './screen'
import { useSigning } from './signing-context'
import { keyOf, useAct } from './use-ceremony'

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
