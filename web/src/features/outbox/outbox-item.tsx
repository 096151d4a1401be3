import { Button } from '@mantine/core'
import { IconDeviceMobileMessage, IconMail } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { OutboxMessage } from '@/api/types'
import { CopyValue } from '@/features/sandbox/copy-value'
import { useFormat } from '@/i18n/format'
import classes from './outbox.module.css'

/** One message: to whom, about what, its code and links within reach, the whole text below. */
export function OutboxItem({ message }: { message: OutboxMessage }) {
  const { t } = useTranslation('sandbox')
  const format = useFormat()
  const Icon = message.channel === 'mail' ? IconMail : IconDeviceMobileMessage
  return (
    <li className={classes.item} data-channel={message.channel}>
      <div className={classes.head}>
        <span className={classes.icon}>
          <Icon size={20} aria-hidden />
        </span>
        <div className={classes.words}>
          <h2>{message.subject || t(`outbox.${message.channel}`)}</h2>
          <p>
            {t(`outbox.${message.channel}`)} · {t('outbox.to', { to: message.to })} ·{' '}
            <time dateTime={message.created_at} title={format.zonedDateTime(message.created_at)}>
              {format.dateTime(message.created_at)}
            </time>
          </p>
        </div>
      </div>
      {message.code ? (
        <div className={classes.code}>
          <span>{t('outbox.code')}</span>
          <CopyValue value={message.code} what={t('outbox.code')} large />
        </div>
      ) : null}
      {message.channel === 'sms' && message.links.length === 0 ? (
        <p className={classes.body}>{message.body}</p>
      ) : (
        <details className={classes.details}>
          <summary>{t('outbox.show_text')}</summary>
          <p className={classes.body}>{message.body}</p>
        </details>
      )}
      {message.links.length > 0 ? (
        <div className={classes.links}>
          {message.links.map((link) => (
            <Button key={link.url} component="a" href={sameOrigin(link.url)} variant="default">
              {link.label || link.url}
            </Button>
          ))}
        </div>
      ) : null}
    </li>
  )
}

/** The server's public address may differ from the one that this page was opened under (127.0.0.1, localhost). */
function sameOrigin(url: string): string {
  const { pathname, search, hash } = new URL(url, window.location.origin)
  return pathname + search + hash
}
