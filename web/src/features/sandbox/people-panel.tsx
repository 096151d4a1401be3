import { useTranslation } from 'react-i18next'
import type { SandboxRegister } from '@/api/types'
import { CopyValue } from './copy-value'
import classes from './sandbox.module.css'

export function PeoplePanel({ people }: { people: SandboxRegister['people'] }) {
  const { t } = useTranslation('sandbox')
  return (
    <>
      <p className={classes.hint}>{t('sandbox.people_hint')}</p>
      <ul className={classes.cards}>
        {people.map((person) => (
          <li key={`${person.document} ${person.id_number}`}>
            <h2 lang="zh-CN">{person.name}</h2>
            <dl>
              <dt>{t('sandbox.name')}</dt>
              <dd lang="zh-CN">
                <CopyValue value={person.name} what={t('sandbox.name')} />
              </dd>
              <dt>{t('sandbox.document')}</dt>
              <dd>{t(`sandbox.kind.${person.document}`)}</dd>
              <dt>{t(numberOf(person.document))}</dt>
              <dd>
                <CopyValue value={person.id_number} what={t(numberOf(person.document))} />
              </dd>
              <dt>{t('sandbox.phone')}</dt>
              <dd>
                <CopyValue value={person.phone} what={t('sandbox.phone')} />
              </dd>
              {person.bank_card ? (
                <>
                  <dt>{t('sandbox.bank_card')}</dt>
                  <dd>
                    <CopyValue value={person.bank_card} what={t('sandbox.bank_card')} />
                  </dd>
                </>
              ) : null}
            </dl>
          </li>
        ))}
      </ul>
    </>
  )
}

/** Only a resident identity card has the ID number. */
const numberOf = (document: string) => (document === 'resident_id' ? 'sandbox.id_number' : 'sandbox.document_number')
