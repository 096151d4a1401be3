import { Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { HeldKey } from '@/api/types'
import { giveUpKey, loadKeys } from '@/features/signing/api'
import { commonName } from '@/features/signing/identity/common-name'
import classes from '@/features/signing/signing.module.css'
import { useFormat } from '@/i18n/format'
import { BrandStill } from '@/ui/brand'
import { Chip } from '@/ui/chip'
import { LanguageSwitch } from '@/ui/language-switch'
import { ProblemAlert } from '@/ui/problem-alert'
import { GiveUpKey } from './give-up-key'

/** Every key of the person whom this session verified: what opens it, what it signed, and the way to give it up. */
export function MyKeysPage({ rcp }: { rcp: string }) {
  const { t } = useTranslation('signing')
  const client = useQueryClient()
  const [leaving, setLeaving] = useState<HeldKey | null>(null)
  const { data, error, isPending } = useQuery({ queryKey: ['keys', rcp], queryFn: () => loadKeys(rcp) })
  const giveUp = useMutation({
    mutationFn: (id: string) => giveUpKey(rcp, id),
    onSuccess: (list) => {
      client.setQueryData(['keys', rcp], list)
      void client.invalidateQueries({ queryKey: ['ceremony', rcp] })
      setLeaving(null)
    },
  })
  const keys = data?.items ?? []
  return (
    <div className={classes.frame}>
      <header className={classes.header}>
        <BrandStill />
        <LanguageSwitch />
      </header>
      <main className={classes.main} id="main" aria-busy={isPending}>
        <h1 className={classes.title}>{t('my_keys.title')}</h1>
        <div className={classes.lead}>
          <p>{t('my_keys.lead')}</p>
        </div>
        <div className={classes.stack}>
          <ProblemAlert error={error} />
          {data && keys.length === 0 ? <p className={classes.plain}>{t('my_keys.none')}</p> : null}
          {keys.map((key) => (
            <KeyCard key={key.id} held={key} giveUp={() => setLeaving(key)} />
          ))}
          <Button component={Link} to={`/sign/${rcp}`} variant="default">
            {t('my_keys.back')}
          </Button>
        </div>
      </main>
      <GiveUpKey held={leaving} close={() => setLeaving(null)} act={giveUp} />
    </div>
  )
}

/** One without a certificate waits for the authority, or was never certified. */
const stateOf = (held: HeldKey) => {
  if (held.usable) return 'usable'
  if (held.given_up_at) return 'over'
  return held.certificate ? 'expired' : 'waiting'
}

export function KeyCard({ held, giveUp }: { held: HeldKey; giveUp: () => void }) {
  const { t } = useTranslation('signing')
  const format = useFormat()
  const state = stateOf(held)
  return (
    <section className={classes.card}>
      <div className={classes.row}>
        <h2 className={classes.cardTitle}>{t(`my_keys.custody.${held.custody}`)}</h2>
        <Chip tone={held.usable ? 'jade' : 'plain'}>{t(`my_keys.${state}`)}</Chip>
      </div>
      <dl className={classes.facts}>
        <dt>{t('my_keys.made')}</dt>
        <dd>
          {format.zonedDateTime(held.created_at)}
          {held.organization ? (
            <span className={classes.sub}>{t('my_keys.organization', { name: held.organization })}</span>
          ) : null}
        </dd>
        <dt>{t('my_keys.used')}</dt>
        <dd>
          {t('my_keys.uses', { count: held.uses })}
          {held.last_used_at ? (
            <span className={classes.sub}>{t('my_keys.last', { date: format.zonedDateTime(held.last_used_at) })}</span>
          ) : null}
        </dd>
        {held.certificate ? (
          <>
            <dt>{t('my_keys.certificate')}</dt>
            <dd>
              {commonName(held.certificate.subject)}
              <span className={classes.sub}>
                {t('my_keys.until', { date: format.date(held.certificate.not_after) })}
              </span>
              <span className={classes.mono}>{held.certificate.serial}</span>
            </dd>
          </>
        ) : null}
        {held.passkey ? (
          <>
            <dt>{t('my_keys.passkey')}</dt>
            <dd className={classes.mono}>{held.passkey}</dd>
          </>
        ) : null}
        {held.given_up_at ? (
          <>
            <dt>{t('my_keys.given_up')}</dt>
            <dd>{format.zonedDateTime(held.given_up_at)}</dd>
          </>
        ) : null}
      </dl>
      {held.given_up_at ? null : (
        <Button variant="outline" size="sm" mt="sm" onClick={giveUp}>
          {t('my_keys.give_up')}
        </Button>
      )}
    </section>
  )
}
