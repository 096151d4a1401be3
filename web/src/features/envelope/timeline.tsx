import { Button, Skeleton } from '@mantine/core'
import { IconAlertTriangle, IconLink } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { eventsQuery } from '@/api/envelopes'
import type { Envelope, EnvelopeEvent } from '@/api/types'
import { useFormat } from '@/i18n/format'
import { Chip } from '@/ui/chip'
import { ProblemAlert } from '@/ui/problem-alert'
import { isMilestone, useEventText } from './event-text'
import { isUnderWay } from './status'
import classes from './timeline.module.css'

/** What happened, newest first, each event with its place in the hash chain. */
export function Timeline({ envelope }: { envelope: Envelope }) {
  const { t } = useTranslation('envelope')
  const { t: common } = useTranslation()
  const format = useFormat()
  const events = useQuery({
    ...eventsQuery(envelope.id),
    refetchInterval: isUnderWay(envelope.status) ? 5_000 : false,
  })
  const chain = events.data?.chain
  const items = [...(events.data?.items ?? [])].reverse()
  return (
    <section className={classes.card} aria-labelledby="timeline-title">
      <div className={classes.head}>
        <h2 id="timeline-title">{t('timeline.title')}</h2>
        {chain ? (
          <span className={classes.small}>
            {t('timeline.range', { first: format.number(chain.first), last: format.number(chain.last) })}
          </span>
        ) : null}
      </div>
      {chain ? (
        <div className={classes.chain}>
          {chain.intact ? (
            <Chip tone="jade" icon={<IconLink size={15} aria-hidden />}>
              {t('timeline.intact')}
            </Chip>
          ) : (
            <Chip tone="seal" icon={<IconAlertTriangle size={15} aria-hidden />}>
              {t('timeline.broken')}
            </Chip>
          )}
        </div>
      ) : null}
      {events.isPending ? <Skeleton height={160} m="md" /> : null}
      <ProblemAlert error={events.error} m="md">
        <div>
          <Button variant="default" size="sm" mt="sm" onClick={() => events.refetch()}>
            {common('again')}
          </Button>
        </div>
      </ProblemAlert>
      <ol className={classes.events}>
        {items.map((event) => (
          <EventLine key={event.seq} event={event} envelope={envelope} />
        ))}
      </ol>
    </section>
  )
}

function EventLine({ event, envelope }: { event: EnvelopeEvent; envelope: Envelope }) {
  const { t } = useTranslation('envelope')
  const format = useFormat()
  const text = useEventText(envelope)
  const { title, detail } = text(event)
  return (
    <li className={classes.event} data-milestone={isMilestone(event.kind) || undefined}>
      <strong>{title}</strong>
      <div className={classes.small}>
        <time dateTime={event.at}>{format.dateTime(event.at)}</time>
        {detail ? ` · ${detail}` : ''}
      </div>
      <details className={classes.proof}>
        <summary>#{format.number(event.seq)}</summary>
        <dl>
          <dt>{t('timeline.time')}</dt>
          <dd>{format.zonedDateTime(event.at)}</dd>
          <dt>{t('timeline.kind')}</dt>
          <dd>
            <code>{event.kind}</code>
          </dd>
          <dt>{t('timeline.hash')}</dt>
          <dd>
            <code>{event.hash}</code>
          </dd>
          <dt>{t('timeline.previous')}</dt>
          <dd>
            <code>{event.prev_hash}</code>
          </dd>
        </dl>
      </details>
    </li>
  )
}
