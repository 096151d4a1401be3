import { Button, Card, NativeSelect, Textarea, TextInput } from '@mantine/core'
import { IconSend } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { changeEnvelope, sendEnvelope } from '@/api/envelopes'
import { useFormat } from '@/i18n/format'
import { ProblemAlert } from '@/ui/problem-alert'
import { envelopeProblems } from './envelope-problems'
import { PolicyChoice } from './policy-choice'
import { ProblemList } from './problem-list'
import classes from './review.module.css'
import { ReviewRecipients } from './review-recipients'
import { StepFrame } from './step-frame'
import { useAutosave } from './use-autosave'
import { useEnvelope } from './use-envelope'

const deadlines = [1, 3, 7, 14, 30, 60, 90]

export function ReviewStep({ id }: { id: string }) {
  const { t } = useTranslation('envelope')
  const format = useFormat()
  const navigate = useNavigate()
  const { envelope, keep } = useEnvelope(id)
  const [draft, setDraft] = useState({
    title: envelope.title,
    message: envelope.message,
    expires_in_days: envelope.expires_in_days,
    policy: envelope.policy,
    recipient_policies: {} as Record<string, string | null>,
  })
  const { state, flush } = useAutosave({
    value: draft,
    save: (value) => changeEnvelope(id, value),
    onSaved: (_, answer) => keep(answer),
  })
  const send = useMutation({
    mutationFn: async () => ((await flush()) ? sendEnvelope(id) : null),
    onSuccess: async (answer) => {
      if (!answer) return
      keep(answer)
      await navigate({ to: '/envelopes/$envelopeId', params: { envelopeId: id } })
    },
  })
  const problems = envelopeProblems({ ...envelope, title: draft.title })
  const days = [...new Set([...deadlines, draft.expires_in_days])].sort((a, b) => a - b)
  const until = new Date(Date.now() + draft.expires_in_days * 86_400_000)

  return (
    <StepFrame
      envelope={envelope}
      step="review"
      state={state}
      flush={flush}
      act={
        <Button
          leftSection={<IconSend size={20} aria-hidden />}
          loading={send.isPending}
          disabled={problems.length > 0}
          onClick={() => send.mutate()}
        >
          {t('review.send')}
        </Button>
      }
    >
      <ProblemAlert error={send.error} title={t('review.not_sent')} mb="md" takeFocus />
      <ProblemList envelope={envelope} problems={problems} />
      <div className={classes.columns}>
        <Card className={classes.letter}>
          <h2 className={classes.heading}>{t('review.letter')}</h2>
          <TextInput
            label={t('title_label')}
            value={draft.title}
            onChange={(event) => setDraft({ ...draft, title: event.currentTarget.value })}
            maxLength={200}
          />
          <Textarea
            label={t('review.message')}
            description={t('review.message_hint')}
            value={draft.message}
            onChange={(event) => setDraft({ ...draft, message: event.currentTarget.value })}
            autosize
            minRows={4}
            maxRows={12}
            maxLength={2000}
            mt="md"
          />
          <NativeSelect
            label={t('review.deadline')}
            description={t('review.until', { date: format.dateTime(until) })}
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            value={String(draft.expires_in_days)}
            onChange={(event) => setDraft({ ...draft, expires_in_days: Number(event.currentTarget.value) })}
            data={days.map((count) => ({ value: String(count), label: t('review.days', { count }) }))}
            mt="md"
          />
          <PolicyChoice value={draft.policy} onChange={(policy) => setDraft({ ...draft, policy })} />
        </Card>
        <ReviewRecipients
          envelope={envelope}
          common={draft.policy}
          ownOf={({ id, policy }) => (id in draft.recipient_policies ? draft.recipient_policies[id] : policy) ?? null}
          onOwn={({ id }, policy) =>
            setDraft({ ...draft, recipient_policies: { ...draft.recipient_policies, [id]: policy } })
          }
        />
      </div>
    </StepFrame>
  )
}
