import { useTranslation } from 'react-i18next'
import type { PendingReview } from '@/api/types'
import { restartIdentity } from './api'
import { PicturesForm } from './pictures-form'
import { useSigning } from './signing-context'
import { useAct } from './use-ceremony'

/** Pictures of the document, one after the other. */
export function IdentityPictures({ review }: { review: PendingReview }) {
  const { t } = useTranslation('signing')
  const { rcp, ceremony } = useSigning()
  const restart = useAct(rcp, () => restartIdentity(rcp))
  const { name_masked, id_number_masked } = ceremony.identity
  return (
    <PicturesForm
      review={review}
      title={t('pictures.title')}
      lead={t('pictures.lead', { name: name_masked ?? '', number: id_number_masked ?? '' })}
      asked={t('pictures.asked')}
      other={t('pictures.other')}
      giveUp={restart}
    />
  )
}
