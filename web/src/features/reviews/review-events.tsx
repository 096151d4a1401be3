import { useTranslation } from 'react-i18next'
import type { ReviewCase } from '@/api/types'
import { useFormat } from '@/i18n/format'
import classes from './reviews.module.css'

const kinds = ['claimed', 'released', 'picture_seen', 'approved', 'refused', 'asked_again', 'erased'] as const

/** What the log says of it: who looked at what, who decided. */
export function ReviewEvents({ events }: { events: ReviewCase['events'] }) {
  const { t } = useTranslation('review')
  const format = useFormat()
  if (events.length === 0) return null
  return (
    <section className={classes.log} aria-labelledby="review-log">
      <h2 id="review-log" className={classes.heading}>
        {t('log')}
      </h2>
      <ol className={classes.events}>
        {events.map((event) => {
          const kind = kinds.find((known) => `review.${known}` === event.kind)
          const { part, zone } = event.params
          return (
            <li key={event.seq}>
              <span>
                {kind ? t(`event.${kind}`) : event.kind}
                {part ? `: ${t(`part.${part as 'front'}`)}` : null}
                {zone ? ` · ${t('zone.said')}: ${t(`zone.result.${zone as 'agrees'}`)}` : null}
              </span>
              <span className={classes.fact}>
                {format.zonedDateTime(event.at)}
                {event.actor.name_masked ? ` · ${event.actor.name_masked}` : null}
              </span>
            </li>
          )
        })}
      </ol>
    </section>
  )
}
