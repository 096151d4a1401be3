import { Alert, Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { PendingReview } from '@/api/types'
import { ProblemAlert } from '@/ui/problem-alert'
import { restartIdentity, submitPictures } from './api'
import { PicturePart } from './picture-part'
import { Screen } from './screen'
import { useSigning } from './signing-context'
import { StepBar } from './step-bar'
import { useAct } from './use-ceremony'

/** Pictures of the document, one after the other; then all of them are sent in. */
export function IdentityPictures({ review }: { review: PendingReview }) {
  const { t } = useTranslation('signing')
  const { rcp, ceremony } = useSigning()
  const [asked, setAsked] = useState(false)
  const submit = useAct(rcp, () => submitPictures(rcp))
  const restart = useAct(rcp, () => restartIdentity(rcp))
  const { name_masked, id_number_masked } = ceremony.identity
  const missing = review.parts.filter((part) => part.required && !part.brought)

  const send = () => {
    setAsked(true)
    if (missing.length === 0) submit.mutate(undefined)
  }
  return (
    <Screen
      title={t('pictures.title')}
      lead={<p>{t('pictures.lead', { name: name_masked ?? '', number: id_number_masked ?? '' })}</p>}
      onSubmit={send}
      bar={
        <StepBar>
          <Button type="submit" loading={submit.isPending}>
            {t('pictures.submit')}
          </Button>
        </StepBar>
      }
    >
      {review.asked ? (
        <Alert color="seal" variant="light" title={t('pictures.asked')}>
          {t(`review_reason.${review.asked}`)}
          {review.note ? <p>{t('identity.review.note', { note: review.note })}</p> : null}
        </Alert>
      ) : null}
      <ProblemAlert error={submit.error ?? restart.error} takeFocus />
      {review.parts.map((part) => (
        <PicturePart key={part.part} part={part} missing={asked && part.required && !part.brought} />
      ))}
      <Button
        variant="subtle"
        color="dark"
        px={0}
        style={{ alignSelf: 'flex-start' }}
        loading={restart.isPending}
        onClick={() => restart.mutate(undefined)}
      >
        {t('pictures.other')}
      </Button>
    </Screen>
  )
}
