import { Alert, Button } from '@mantine/core'
import type { UseMutationResult } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { PendingReview } from '@/api/types'
import { ProblemAlert } from '@/ui/problem-alert'
import { QuietButton } from '@/ui/quiet-button'
import { PicturePart } from './picture-part'
import type { PicturesHost } from './pictures-host'

interface PicturesFormProps {
  review: PendingReview
  title: string
  lead: string
  /** Heads what the reviewer asks for. */
  asked: string
  /** The way to do without. */
  other: string
  giveUp: UseMutationResult<unknown, unknown, void>
  host: PicturesHost
  children?: ReactNode
}

/** What is to be brought, part by part; then all of it is sent in. */
export function PicturesForm({ review, title, lead, asked, other, giveUp, host, children }: PicturesFormProps) {
  const { t } = useTranslation('signing')
  const { Frame, Bar, useAct } = host
  const [tried, setTried] = useState(false)
  const submit = useAct(host.submit)
  const isMissing = (part: PendingReview['parts'][number]) => part.required && !part.brought

  const send = () => {
    setTried(true)
    if (!review.parts.some(isMissing)) submit.mutate(undefined)
  }
  return (
    <Frame
      title={title}
      lead={<p>{lead}</p>}
      onSubmit={send}
      bar={
        <Bar>
          <Button type="submit" loading={submit.isPending}>
            {t('pictures.submit')}
          </Button>
        </Bar>
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
        <PicturePart key={part.part} host={host} part={part} missing={tried && isMissing(part)} />
      ))}
      <QuietButton loading={giveUp.isPending} onClick={() => giveUp.mutate(undefined)}>
        {other}
      </QuietButton>
    </Frame>
  )
}
