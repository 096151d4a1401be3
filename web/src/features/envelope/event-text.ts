import { useTranslation } from 'react-i18next'
import type { Envelope, EnvelopeEvent } from '@/api/types'
import { i18n } from '@/i18n/i18n'
import { type Locale, localeNames, toLocale } from '@/i18n/locale'

const milestones = /\.(signed|verified|completed|time_stamped)$/

export const isMilestone = (kind: string) => milestones.test(kind)

/** An event in words. A kind that is newer than this page is shown by its own name. */
export function useEventText(envelope: Envelope) {
  const { t } = useTranslation('envelope')
  return (event: EnvelopeEvent) => {
    const values = { ...event.params, name: actorName(event, envelope) }
    const key = `envelope:event.${event.kind.replaceAll('.', '_')}`
    const title = i18n.exists(key) ? (i18n.t(key as never, values) as string) : event.kind.replace(/[._]/g, ' ')
    return { title, detail: detailOf(event) }
  }

  function actorName(event: EnvelopeEvent, of: Envelope): string {
    if (event.actor.kind === 'account') return of.sender.name // the reader themself: nothing to mask
    if (event.actor.name_masked) return event.actor.name_masked
    return event.actor.kind === 'system' ? t('event_system') : ''
  }

  function detailOf(event: EnvelopeEvent): string {
    const { level, version, language: tag, channel } = event.params
    const parts: string[] = []
    if (level) parts.push(level)
    if (version) parts.push(version)
    const language = toLocale(tag) as Locale | null
    if (language) parts.push(localeNames[language])
    const by = channel === 'sms' || channel === 'mail' ? t(`channel.${channel}`) : channel
    if (by) parts.push(by)
    return parts.join(' · ')
  }
}
