import { useTranslation } from 'react-i18next'
import type { PendingReview } from '@/api/types'
import { useIdentityAct, useIdentityHost } from './identity-host'
import { PicturesForm } from './pictures-form'

/** Pictures of the document, one after the other. */
export function IdentityPictures({ review }: { review: PendingReview }) {
  const { t } = useTranslation('signing')
  const { identity, acts, Frame, Bar } = useIdentityHost()
  const restart = useIdentityAct(acts.restart)
  const { name_masked, id_number_masked } = identity
  return (
    <PicturesForm
      review={review}
      title={t('pictures.title')}
      lead={t('pictures.lead', { name: name_masked ?? '', number: id_number_masked ?? '' })}
      asked={t('pictures.asked')}
      other={t('pictures.other')}
      giveUp={restart}
      host={{ Frame, Bar, useAct: useIdentityAct, add: acts.addPicture, submit: acts.submitPictures }}
    />
  )
}
