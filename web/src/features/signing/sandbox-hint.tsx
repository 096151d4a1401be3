import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { serverQuery } from '@/api/account'
import classes from './signing.module.css'

type Hint = 'people' | 'organizations' | 'bank' | 'clerk' | 'outbox' | 'camera' | 'reviews'

/** In test trust only: where the people, companies, payments and codes of the test are found. */
export function SandboxHint({ hint }: { hint: Hint }) {
  const { t } = useTranslation('signing')
  const server = useQuery(serverQuery)
  if (server.data?.trust !== 'test') return null
  const { outbox, sms, sandbox } = server.data
  if (hint === 'outbox' ? !outbox || sms : !sandbox) return null
  const words = {
    people: { text: t('identity.sandbox_text'), link: t('identity.sandbox_link'), to: '/sandbox#people' },
    organizations: {
      text: t('organization.sandbox_text'),
      link: t('organization.sandbox_link'),
      to: '/sandbox#organizations',
    },
    bank: { text: t('organization.bank_text'), link: t('organization.bank_link'), to: '/sandbox#bank' },
    clerk: { text: t('organization.clerk_text'), link: null, to: '' },
    camera: { text: t('identity.camera_text'), link: null, to: '' },
    reviews: { text: t('identity.review.sandbox_text'), link: t('identity.review.sandbox_link'), to: '/reviews' },
    outbox: { text: t('identity.outbox_text'), link: t('identity.outbox_link'), to: '/outbox' },
  }[hint]
  return (
    <aside className={classes.care} aria-label={t('trust.name')}>
      <p>
        <strong>{t('trust.name')}</strong> · {words.text}
      </p>
      {words.link ? (
        <p>
          <a href={words.to} target="_blank" rel="noreferrer">
            {words.link}
            <span className="visually-hidden"> ({t('identity.new_tab')})</span>
          </a>
        </p>
      ) : null}
    </aside>
  )
}
