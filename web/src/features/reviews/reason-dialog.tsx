import { Button, Radio, Stack, Textarea } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { askAgain, refuseReview } from '@/api/reviews'
import type { ReviewCase, ReviewReason } from '@/api/types'
import { Dialog, DialogActs } from '@/ui/dialog'
import { ProblemAlert } from '@/ui/problem-alert'

interface ReasonDialogProps {
  review: ReviewCase
  act: 'refuse' | 'ask'
  /** What was read of a passport's machine-readable zone. */
  zone: string
  settle: (answer: ReviewCase) => void
  close: () => void
}

/** Why not, or why once more: a reason from the list, and words for the signer. */
export function ReasonDialog({ review, act, zone, settle, close }: ReasonDialogProps) {
  const { t } = useTranslation('review')
  const { t: common } = useTranslation()
  const [reason, setReason] = useState<ReviewReason | ''>('')
  const [note, setNote] = useState('')
  const [asked, setAsked] = useState(false)
  const { id } = review.item
  const decide = useMutation({
    mutationFn: (why: ReviewReason) =>
      act === 'refuse' ? refuseReview(id, why, note.trim(), zone) : askAgain(id, why, note.trim()),
    onSuccess: (answer) => {
      settle(answer)
      close()
    },
  })
  const wordless = reason === 'other' && note.trim() === ''
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setAsked(true)
    if (reason && !wordless) decide.mutate(reason)
  }
  return (
    <Dialog opened close={close} title={t(`${act}_title`)}>
      <form onSubmit={submit} noValidate>
        <p>{t(`${act}_text`)}</p>
        <Radio.Group
          label={t('fact.reason')}
          value={reason}
          onChange={(value) => setReason(value as ReviewReason)}
          error={asked && !reason ? t('reason_missing') : undefined}
          required
        >
          <Stack gap="sm" mt="xs">
            {review.reasons.map((value) => (
              <Radio key={value} value={value} label={t(`reason.${value}`)} />
            ))}
          </Stack>
        </Radio.Group>
        <Textarea
          mt="md"
          label={t('note')}
          description={t('note_hint')}
          value={note}
          maxLength={300}
          autosize
          minRows={2}
          onChange={(event) => setNote(event.currentTarget.value)}
          error={asked && wordless ? t('note_missing') : undefined}
        />
        <ProblemAlert error={decide.error} mt="md" takeFocus />
        <DialogActs>
          <Button variant="default" onClick={close}>
            {common('cancel')}
          </Button>
          <Button type="submit" loading={decide.isPending}>
            {t(act)}
          </Button>
        </DialogActs>
      </form>
    </Dialog>
  )
}
