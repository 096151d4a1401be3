import { Alert, Button } from '@mantine/core'
import { IconFileDownload } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { PendingReview } from '@/api/types'
import { ProblemAlert } from '@/ui/problem-alert'
import { letterUrl, submitPictures, withdrawLetter } from './api'
import { PicturePart } from './picture-part'
import { Screen } from './screen'
import classes from './signing.module.css'
import { useSigning } from './signing-context'
import { StepBar } from './step-bar'
import { useAct } from './use-ceremony'

/** The letter: downloaded, sealed, brought back, and sent in. */
export function OrganizationLetter({ review }: { review: PendingReview }) {
  const { t } = useTranslation('signing')
  const { rcp } = useSigning()
  const [asked, setAsked] = useState(false)
  const submit = useAct(rcp, () => submitPictures(rcp))
  const withdraw = useAct(rcp, () => withdrawLetter(rcp))
  const missing = review.parts.some((part) => part.required && !part.brought)
  const send = () => {
    setAsked(true)
    if (!missing) submit.mutate(undefined)
  }
  return (
    <Screen
      title={t('letter.title')}
      lead={<p>{t('letter.lead')}</p>}
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
        <Alert color="seal" variant="light" title={t('letter.asked')}>
          {t(`review_reason.${review.asked}`)}
          {review.note ? <p>{t('identity.review.note', { note: review.note })}</p> : null}
        </Alert>
      ) : null}
      <section className={classes.card}>
        <h2 className={classes.cardTitle}>{t('letter.download_title')}</h2>
        <div className={classes.prose}>
          <p>{t('letter.download_text')}</p>
        </div>
        <Button
          component="a"
          href={letterUrl(rcp)}
          download
          variant="default"
          leftSection={<IconFileDownload size={20} aria-hidden />}
        >
          {t('letter.download')}
        </Button>
      </section>
      <ProblemAlert error={submit.error ?? withdraw.error} takeFocus />
      {review.parts.map((part) => (
        <PicturePart key={part.part} part={part} missing={asked && part.required && !part.brought} />
      ))}
      <Button
        variant="subtle"
        color="dark"
        px={0}
        style={{ alignSelf: 'flex-start' }}
        loading={withdraw.isPending}
        onClick={() => withdraw.mutate(undefined)}
      >
        {t('letter.other')}
      </Button>
    </Screen>
  )
}
