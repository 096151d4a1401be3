import { Alert, Button } from '@mantine/core'
import type { UseMutationResult } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { PendingReview } from '@/api/types'
import { ProblemAlert } from '@/ui/problem-alert'
import { submitPictures } from './api'
import type { Ceremony } from './ceremony-types'
import { PicturePart } from './picture-part'
import { Screen } from './screen'
import { useSigning } from './signing-context'
import { StepBar } from './step-bar'
import { useAct } from './use-ceremony'

interface PicturesFormProps {
  review: PendingReview
  title: string
  lead: string
  /** Heads what the reviewer asks for. */
  asked: string
  /** The way to do without. */
  other: string
  giveUp: UseMutationResult<Ceremony, unknown, void>
  children?: ReactNode
}

/** What is to be brought, part by part; then all of it is sent in. */
export function PicturesForm({ review, title, lead, asked, other, giveUp, children }: PicturesFormProps) {
  const { t } = useTranslation('signing')
  const { rcp } = useSigning()
  const [tried, setTried] = useState(false)
  const submit = useAct(rcp, () => submitPictures(rcp))
  const isMissing = (part: PendingReview['parts'][number]) => part.required && !part.brought

  const send = () => {
    setTried(true)
    if (!review.parts.some(isMissing)) submit.mutate(undefined)
  }
  return (
    <Screen
      title={title}
      lead={<p>{lead}</p>}
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
        <Alert color="seal" variant="light" title={asked}>
          {t(`review_reason.${review.asked}`)}
          {review.note ? <p>{t('identity.review.note', { note: review.note })}</p> : null}
        </Alert>
      ) : null}
      {children}
      <ProblemAlert error={submit.error ?? giveUp.error} takeFocus />
      {review.parts.map((part) => (
        <PicturePart key={part.part} part={part} missing={tried && isMissing(part)} />
      ))}
      <Button
        variant="subtle"
        color="dark"
        px={0}
        style={{ alignSelf: 'flex-start' }}
        loading={giveUp.isPending}
        onClick={() => giveUp.mutate(undefined)}
      >
        {other}
      </Button>
    </Screen>
  )
}
